/** What a person comes to do, from the first start to a copied command. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { clipboard, eventually, firstNames, isSelected, openWindow, picture, row } from "./window";

const openFilters = (page: Page) => page.getByRole("button", { name: /^Filter by kind/ }).click();

describe("from the first start", () => {
  it("leads over the sample and a version to a pull command in the clipboard", async () => {
    const page = await openWindow("first");
    await page.getByRole("button", { name: "Open the sample models" }).click();
    await page.getByRole("treeitem", { name: /iris-classifier/ }).click();
    const version = page.getByRole("grid", { name: "Versions of iris-classifier" }).getByRole("row").nth(1);
    await version.click();
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await eventually(() => clipboard(page)).toMatch(/^docker pull .*iris-classifier@sha256:[0-9a-f]{64}$/);
    await page.getByText(/^Copied/).waitFor();
  });

  it("copies where the web view gives no clipboard", async () => {
    const page = await openWindow("", { at: picture, noClipboard: true });
    await row(page, "1.4.2").click();
    await page.getByRole("complementary", { name: "Version" }).getByText("1.4.2", { exact: true }).first().waitFor();
    await page.evaluate(() => {
      document.addEventListener("copy", () => {
        const field = document.activeElement;
        document.title = field instanceof HTMLTextAreaElement ? field.value : (document.getSelection()?.toString() ?? "");
      });
    });
    await page.getByRole("grid").press("Shift+Y");
    await eventually(() => page.title()).toMatch(/^sha256:802604da[0-9a-f]{56}$/);
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("grid");
  });

  it("adds a connection after its check", async () => {
    const page = await openWindow("first");
    await page.getByRole("button", { name: "Add a connection" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Add a connection" });
    await dialog.getByRole("textbox", { name: "Address" }).fill("registry.example:5000");
    await dialog.getByRole("textbox", { name: "Name" }).fill("Example");
    await dialog.getByRole("button", { name: "Check", exact: true }).click();
    await dialog.getByText("API answers").waitFor();
    await dialog.getByRole("button", { name: /^Add/ }).click();
    await page.getByRole("treeitem", { name: /Example/ }).waitFor();
  });

  it("imports the docker logins of this computer", async () => {
    const page = await openWindow("first");
    await page.getByRole("button", { name: "Import 3 docker logins" }).click();
    await page.getByRole("dialog").getByText("Added as", { exact: false }).first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("treeitem", { name: /GHCR/ }).waitFor();
  });
});

it("the line at the foot leads to the login that expired", async () => {
  const page = await openWindow("", { at: picture });
  await page.getByRole("button", { name: "1 login expired" }).click();
  const dialog = page.getByRole("dialog");
  await eventually(() => dialog.getByRole("textbox", { name: "Name" }).inputValue()).toBe("registry.lab.example");
});

describe("the versions", () => {
  it("are filtered by text, and the nearest tag is offered where nothing matches", async () => {
    const page = await openWindow("", { at: picture });
    await page.getByRole("textbox", { name: "Filter tags" }).fill("1.3");
    await eventually(() => firstNames(page, 3)).toEqual(["1.3.3", "1.3.2", "1.3.1"]);
    await page.getByRole("textbox", { name: "Filter tags" }).fill("prodction");
    await page.getByText("No tag matches “prodction”").waitFor();
    await page.getByRole("button", { name: "production", exact: true }).click();
    await eventually(() => firstNames(page, 2)).toEqual(["1.4.0"]);
  });

  it("are filtered by platform with a chip that takes itself off", async () => {
    const page = await openWindow("", { at: picture });
    await openFilters(page);
    await page.getByRole("combobox", { name: "Platform" }).click();
    await page.locator('[role=option][value="linux/arm64"]').click();
    await page.keyboard.press("Escape");
    await page.getByText("of 21 versions").waitFor();
    await page.getByRole("button", { name: "Take off platform linux/arm64" }).click();
    await page.getByText("21 versions").waitFor();
  });

  it("are filtered by kind, and by several things at once", async () => {
    const page = await openWindow("", { at: picture });
    await openFilters(page);
    await page.getByRole("combobox", { name: "Kind" }).click();
    await page.getByRole("option", { name: "ModelPack" }).click();
    await eventually(() => firstNames(page, 3)).toEqual(["1.4.2-onnx"]);
    await page.getByText("1 of 21 versions").waitFor();
    await page.getByRole("combobox", { name: "Platform" }).click();
    await page.getByRole("option", { name: "linux/arm64", exact: true }).click();
    await page.getByText("No version matches the filters").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Take off kind ModelPack" }).click();
    await eventually(() => firstNames(page, 1)).toEqual(["1.5.0-rc.2"]);
    await page.getByRole("button", { name: "Take off platform linux/arm64" }).waitFor();
  });

  it("are filtered by a label, once however often it is given", async () => {
    const page = await openWindow("", { at: picture });
    await openFilters(page);
    const value = page.getByRole("textbox", { name: "is", exact: true });
    expect(await value.isDisabled()).toBe(true);
    await page.getByRole("combobox", { name: "Label" }).click();
    await page.getByRole("option", { name: "dataset" }).click();
    for (let time = 0; time < 2; time += 1) {
      await value.fill("line-scan-2026-09");
      await value.press("Enter");
    }
    await page.getByText("5 of 21 versions").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("button", { name: "Take off dataset line-scan-2026-09" }).count()).toBe(1);
    await page.getByRole("button", { name: "Take off dataset line-scan-2026-09" }).click();
    await page.getByText("21 versions").waitFor();
  });

  it("are filtered by the days of their making, both included; the filter outlives the window", async () => {
    const page = await openWindow("", { at: picture });
    const day = async (name: string) => {
      const cell = row(page, name).locator("[data-column=created]");
      await cell.hover();
      await eventually(() => cell.getAttribute("title")).toMatch(/^\d{4}-/);
      return ((await cell.getAttribute("title")) ?? "").slice(0, 10);
    };
    const [from, until] = [await day("1.3.3"), await day("1.4.0")];
    await openFilters(page);
    await page.getByLabel("Created from").fill(from);
    await page.getByLabel("until").fill(until);
    await eventually(() => firstNames(page, 5)).toEqual(["1.4.0", "1.4.0-rc.1", "1.3.3"]);
    await page.reload();
    await eventually(() => firstNames(page, 5)).toEqual(["1.4.0", "1.4.0-rc.1", "1.3.3"]);
    await page.getByRole("button", { name: /^Take off until/ }).click();
    await eventually(() => firstNames(page, 1)).toEqual(["1.5.0-rc.2"]);
    await page.getByRole("button", { name: /^Take off from/ }).click();
    await page.getByText("21 versions").waitFor();
  });

  it("are sorted by every column, and the order outlives the window", async () => {
    const page = await openWindow("", { at: picture });
    const grid = page.getByRole("grid");
    const head = grid.getByRole("columnheader", { name: "Size" });
    await head.getByRole("button").click();
    await eventually(() => head.getAttribute("aria-sort")).toBe("descending");
    await head.getByRole("button").click();
    await eventually(() => head.getAttribute("aria-sort")).toBe("ascending");
    await eventually(() => firstNames(page, 1)).toEqual(["1.4.2-onnx"]);
    await page.reload();
    await eventually(() => head.getAttribute("aria-sort")).toBe("ascending");
    await eventually(() => firstNames(page, 1)).toEqual(["1.4.2-onnx"]);
  });

  it("show the columns that are chosen, in the order that is chosen", async () => {
    const page = await openWindow("", { at: picture, width: 1600 });
    const heads = () => page.getByRole("columnheader").evaluateAll((all) => all.map((head) => head.getAttribute("aria-label")));
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "f1" }).check();
    await page.getByRole("checkbox", { name: "Kind" }).uncheck();
    await page.getByRole("button", { name: /^Move f1/ }).press("ArrowUp");
    await eventually(heads).toEqual(["Version", "Size", "Layers", "Created", "Platforms", "f1", "accuracy", "Signed", "Digest"]);
    await page.getByRole("button", { name: "As at first" }).click();
    await eventually(heads).toEqual(["Version", "Kind", "Size", "Layers", "Created", "Platforms", "accuracy", "Signed", "Digest"]);
  });

  it("have columns as wide as they are drawn, also when the window comes back", async () => {
    const page = await openWindow("", { at: picture });
    const head = page.getByRole("columnheader", { name: "Kind" });
    const width = async () => Math.round((await head.boundingBox())?.width ?? 0);
    await row(page, "1.4.2").waitFor();
    const before = await width();
    const box = await head.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 3, (box?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) - 17, (box?.y ?? 0) + 10, { steps: 4 });
    await page.mouse.up();
    await eventually(width).toBe(before + 20);
    await page.reload();
    await eventually(width).toBe(before + 20);
    await head.getByRole("button").press("Shift+ArrowRight");
    await eventually(width).toBe(before + 10);
  });

  it("can be chosen, several at once, with their sums beside them", async () => {
    const page = await openWindow("", { at: picture });
    await row(page, "1.3.3").click();
    await row(page, "1.3.1").click({ modifiers: ["Shift"] });
    await page.getByRole("heading", { name: "3 versions selected" }).waitFor();
    await row(page, "1.3.2").click({ modifiers: ["Control"] });
    await page.getByRole("heading", { name: "2 versions selected" }).waitFor();
    await page.getByRole("button", { name: "Copy pull commands" }).click();
    await eventually(async () => (await clipboard(page)).split("\n").length).toBe(2);
    await page.getByRole("grid").press("Escape");
    await page.getByRole("heading", { name: "1.3.2", exact: true }).waitFor();
  });

  it("scroll to the last of 100,000, which is read when it is there", async () => {
    const page = await openWindow("big", { at: "#/r/big/load%2Fhundred-thousand" });
    await firstNames(page, 1);
    await page.getByRole("grid").press("End");
    await row(page, "0.0.1").waitFor();
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("100001");
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    await page.getByRole("grid").press("Home");
    await row(page, "250.0.0").waitFor();
  });

  it("stand at the version that the address names, however far down it is", async () => {
    const page = await openWindow("big", { at: "#/r/big/load%2Fhundred-thousand" });
    await firstNames(page, 1);
    await page.getByRole("grid").evaluate((grid) => grid.scrollTo(0, 30 * 9000));
    await row(page, "227.9.13").click();
    await eventually(() => page.url()).toContain("sha256");
    await page.reload();
    await eventually(() => isSelected(page, "227.9.13")).toBe(true);
  });

  it("show names as they are, and none of them as markup", async () => {
    const page = await openWindow("odd", { at: "#/r/odd/odd%2Fnames" });
    await row(page, "<img src=x onerror=alert(1)>").waitFor();
    expect(await page.locator("img, #root script").count()).toBe(0);
    await row(page, "2.0.0").click();
    await page.getByText("The manifest is not JSON").first().waitFor();
    expect(await isSelected(page, "2.0.0")).toBe(true);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide).toBe(false);
  });
});

describe("the palette", () => {
  it("finds a tag, opens it, and the table stands at it", async () => {
    const page = await openWindow("", { at: "#/" });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("1.2.1 detector");
    await page
      .getByRole("option", { name: /1\.2\.1/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await eventually(() => isSelected(page, "1.2.1")).toBe(true);
    await page.getByRole("heading", { name: "1.2.1" }).waitFor();
  });

  it("runs an action by its name", async () => {
    const page = await openWindow("", { at: picture });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("settings");
    await page.locator('[role="option"][data-combobox-selected]', { hasText: /settings/i }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Saved as you change them").waitFor();
  });
});

describe("the settings", () => {
  it("are saved as they are changed", async () => {
    const page = await openWindow("", { at: "#/settings" });
    await page.getByText("Dark", { exact: true }).click();
    await eventually(() => page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
    await page.getByText("GiB", { exact: true }).click();
    await page.keyboard.press("Escape");
    await page.evaluate((hash) => window.location.assign(hash), picture);
    await row(page, "1.4.2").getByText("1.96 GiB").waitFor();
  });
});

describe("all settings at once", () => {
  it("go back to what they were at first, after it was said what that means", async () => {
    const page = await openWindow("", { at: "#/settings" });
    await page.getByText("Dark", { exact: true }).click();
    const scheme = () => page.locator("html").getAttribute("data-mantine-color-scheme");
    await eventually(scheme).toBe("dark");
    await page.getByRole("button", { name: "Reset…" }).click();
    await page
      .getByRole("dialog", { name: "Reset the settings" })
      .getByText(/Connections, logins/)
      .waitFor();
    // Cancel has the focus.
    await page.keyboard.press("Enter");
    await eventually(() => page.getByRole("dialog").count()).toBe(0);
    expect(await scheme()).toBe("dark");
    await page.getByRole("button", { name: "Reset…" }).click();
    await page.getByRole("button", { name: "Reset all settings" }).click();
    await eventually(scheme).toBe("light");
  });
});

describe("a connection", () => {
  it("is checked and removed from its menu, and what that means is said before", async () => {
    const page = await openWindow("", { at: picture });
    await page.getByRole("treeitem", { name: /Docker Hub/ }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Check…" }).click();
    await page.getByRole("dialog").getByText("May not delete").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("treeitem", { name: /Docker Hub/ }).click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Remove/ }).click();
    await page
      .getByRole("dialog")
      .getByText(/Berth forgets/)
      .waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("treeitem", { name: /Docker Hub/ }).waitFor();
  });

  it("that is offline keeps its rows and says how old they are", async () => {
    const page = await openWindow("offline", { at: picture });
    await page.getByText("Offline.", { exact: true }).waitFor();
    await row(page, "1.4.2").waitFor();
  });
});
