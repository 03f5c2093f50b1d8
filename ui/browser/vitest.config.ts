import { defineConfig } from "vitest/config";

/** The built window, with the double behind it, in a real browser. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: "node",
    include: ["*.test.ts"],
    globalSetup: "setup.ts",
    maxWorkers: 2,
    // Two browsers on two cores now and then answer a key later than the next one is pressed.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
