/** Opens the window in a world of the double (see `src/ipc/double/world.ts`), and what all tests ask of it. */
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, expect, inject } from "vitest";

let shared: Promise<BrowserContext> | undefined;
const opened: Page[] = [];
const complaints: string[] = [];

export interface Options {
  /** The hash of the address. */
  at?: string;
  width?: number;
  height?: number;
  dark?: boolean;
  /** The web view gives no clipboard. */
  noClipboard?: boolean;
}

export const picture = "#/r/ghcr/vision%2Fdefect-detector";

async function connect(): Promise<BrowserContext> {
  const browser = await chromium.connect(inject("browser"));
  const context = await browser.newContext();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  return context;
}

/** What the browser would complain about if a name from a registry became markup, and its own failures. */
export async function openWindow(world: string, { at = "", width = 1280, height = 800, dark = false, noClipboard = false }: Options = {}) {
  // One context for all windows of a worker, so that the program is loaded and compiled once; what it keeps is cleared after each test.
  shared ??= connect();
  const page = await (await shared).newPage();
  opened.push(page);
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`a dialog opened: ${dialog.message()}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("404")) complaints.push(message.text());
  });
  if (noClipboard) await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.goto(`${inject("address")}?double=${world}${at}`);
  await page
    .getByRole("navigation", { name: /^(Connections|Place)$/ })
    .first()
    .waitFor();
  return page;
}

/** The row of a version by the name of a tag on it. */
export function row(page: Page, name: string) {
  return page.getByRole("grid").getByRole("row").filter({ hasText: name }).first();
}

export async function isSelected(page: Page, name: string): Promise<boolean> {
  return (await row(page, name).getAttribute("aria-selected")) === "true";
}

/** Names of the tags at the head of the table, from the top. */
export async function firstNames(page: Page, count: number): Promise<string[]> {
  const cells = page.getByRole("grid").locator("[data-column=version][role=gridcell]");
  await cells.first().waitFor();
  return (await cells.allInnerTexts()).slice(0, count).map((text) => text.split("\n")[0] ?? "");
}

export function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Tries until it holds; the last failure is the one that is told. */
export const eventually: typeof expect.poll = (read, options) => expect.poll(read, { timeout: 10_000, interval: 50, ...options });

afterEach(async () => {
  for (const page of opened.splice(0)) {
    await page.evaluate(() => window.localStorage.clear());
    await page.close();
  }
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(async () => {
  await (await shared)?.browser()?.close();
});
