/** The built window with the double of the program behind it, in a headless Chromium: what the browser tests and the benchmark stand on. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const outDir = "node_modules/.berth-double";
const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Builds the front end with its double and serves it on a port of the system's choice. */
export async function serveDouble() {
  const settings = { root, mode: "double", logLevel: "error", build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 2000 } };
  await build(settings);
  const server = await preview({ ...settings, preview: { host: "127.0.0.1", port: 0, strictPort: false } });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error("the preview server says no address");
  return { address, close: () => server.close() };
}

/** How the system's Chromium is started; throws with what is missing. */
export function chromiumOptions() {
  const executablePath = places.find((path) => path && existsSync(path));
  if (executablePath === undefined)
    throw new Error("No Chromium on this machine. Install it (Debian: apt-get install chromium), or name it in CHROMIUM.");
  return { executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"] };
}

export function startChromium() {
  return chromium.launch(chromiumOptions());
}
