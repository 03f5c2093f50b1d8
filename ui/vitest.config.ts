import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    maxWorkers: 2,
    // Roles are computed slowly without a browser, and a busy machine makes it worse: patience costs nothing where a test passes.
    testTimeout: 60_000,
  },
});
