/** Once for all tests: builds and serves the window, and starts one browser for the workers to share. */
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { chromiumOptions, serveDouble } from "./browser.mjs";

declare module "vitest" {
  interface ProvidedContext {
    address: string;
    browser: string;
  }
}

export default async function setup(project: TestProject) {
  const browser = await chromium.launchServer(chromiumOptions());
  const server = await serveDouble();
  project.provide("address", server.address);
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await server.close();
    await browser.close();
  };
}
