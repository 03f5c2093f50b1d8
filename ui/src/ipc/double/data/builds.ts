/** What the builds of the picture's repository differ in: framework, source, environment, command. By the place of a version, newest first. */
interface Build {
  precision: string;
  parameters: string;
  framework: string;
  revision: string;
  environment: Record<string, string>;
  command: string[];
  user: string;
}

const newer: Build = {
  precision: "BF16",
  parameters: "49.1 M",
  framework: "PyTorch 2.5.1, CUDA 12.6",
  revision: "f2a96d3",
  environment: { CUDA_VERSION: "12.6.2", OMP_NUM_THREADS: "4" },
  command: ["serve", "--port", "8080", "--bf16"],
  user: "app",
};
const present: Build = {
  precision: "F32",
  parameters: "47.6 M",
  framework: "PyTorch 2.4.1, CUDA 12.4",
  revision: "8c1d2e0",
  environment: { CUDA_VERSION: "12.4.1", OMP_NUM_THREADS: "4" },
  command: ["serve", "--port", "8080"],
  user: "app",
};
const older: Build = { ...present, revision: "5e07b41", environment: { CUDA_VERSION: "12.4.1" }, user: "root" };

const newerTags = /^(1\.5\.|nightly|pr-231)/;
const presentTags = /^1\.4\.[12]/;

/** The build of a version, by its first tag. */
export function buildOf(tag: string): Build {
  return newerTags.test(tag) ? newer : presentTags.test(tag) ? present : older;
}
