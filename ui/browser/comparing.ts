/** Addresses of comparisons in the double's world, for the flows and for the look at every screen. */
import { readFileSync } from "node:fs";

interface Picture {
  versions: { digest: string; tags: [string, string | null][] }[];
}

const read = (): Picture => JSON.parse(readFileSync(new URL("../src/ipc/double/data/defectDetector.json", import.meta.url), "utf8"));

function digestOf(tag: string): string {
  const found = read().versions.find((version) => version.tags.some(([name]) => name === tag));
  if (found === undefined) throw new Error(`the picture has no ${tag}`);
  return found.digest;
}

/** One part of the address. */
export function versionAt(digest: string, platform?: string): string {
  return ["ghcr", "vision/defect-detector", digest, ...(platform === undefined ? [] : [platform])].map(encodeURIComponent).join(",");
}

export function comparison(tags: readonly string[], reference = "A"): string {
  return `#/compare/${[reference, ...tags.map((tag) => versionAt(digestOf(tag)))].join("/")}`;
}

export const three = comparison(["1.4.0", "1.4.2", "1.5.0-rc.2"]);
export const eight = comparison(["1.4.0", "1.4.2", "1.5.0-rc.2", "1.4.1", "1.3.3", "1.4.2-onnx", "nightly", "1.0.0"], "C");
export const same = comparison(["1.4.2", "1.4.2"]);
export const missing = `${comparison(["1.4.2"])}/${versionAt(`sha256:${"ab".repeat(32)}`)}`;
export const severalPlatforms = `#/compare/A/${versionAt(digestOf("1.4.2"), "linux/amd64")}/${versionAt(digestOf("1.4.0"), "linux/arm64")}`;
