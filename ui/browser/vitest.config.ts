import { defineConfig } from "vitest/config";

/** The built window, with the double behind it, in a real browser. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: "node",
    include: ["*.test.ts"],
    globalSetup: "setup.ts",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
