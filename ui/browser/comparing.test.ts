/** Versions beside each other: the ways in, what can be done there, and the tray. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { comparison, eight, severalPlatforms, three } from "./comparing";
import { clipboard, eventually, isSelected, openWindow, picture, row } from "./window";

async function openPicture(): Promise<Page> {
  const page = await openWindow("", { at: picture });
  await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
  return page;
}

const columns = async (page: Page) => {
  await page.getByRole("grid", { name: "Comparison" }).waitFor();
  const heads = await page.getByRole("columnheader").evaluateAll((all) => all.map((head) => head.getAttribute("aria-label") ?? ""));
  return heads.slice(1).map((head) => head.split(":").at(-1));
};
const compared = (page: Page) => eventually(() => columns(page));
const tray = (page: Page) => page.getByRole("region", { name: "To compare" });

describe("the ways to a comparison", () => {
  it("C holds one version against production, and Esc goes back to its row", async () => {
    const page = await openPicture();
    await page.keyboard.press("j");
    await page.keyboard.press("c");
    await compared(page).toEqual(["1.4.0", "1.5.0-rc.1"]);
    await page.keyboard.press("Escape");
    await eventually(() => isSelected(page, "1.5.0-rc.1")).toBe(true);
  });

  it("the bar below compares what is chosen, and says why it cannot", async () => {
    const page = await openPicture();
    await page.keyboard.press("Space");
    for (let time = 0; time < 2; time += 1) await page.keyboard.press("Shift+ArrowDown");
    await page.getByRole("button", { name: "Compare 3" }).click();
    await compared(page).toEqual(["1.4.2", "1.5.0-rc.1", "1.5.0-rc.2"]);
    await page.keyboard.press("Escape");
    await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
    await page.getByRole("grid").press("Space");
    for (let time = 0; time < 8; time += 1) await page.keyboard.press("Shift+ArrowDown");
    await eventually(() => page.getByRole("button", { name: "Compare 9" }).getAttribute("title")).toBe("Compare takes at most 8 versions");
    await page.keyboard.press("c");
    await page.getByText("At most 8 versions can be compared; these are 9").waitFor();
  });

  it("the menu of a row offers what there is", async () => {
    const page = await openPicture();
    await row(page, "1.4.0-rc.1").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Compare with production" }).waitFor();
    await page.getByRole("menuitem", { name: "Compare with the previous version" }).click();
    await compared(page).toEqual(["1.3.3", "1.4.0-rc.1"]);
    await page.keyboard.press("Escape");
    await row(page, "0.9.0").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Compare with production" }).waitFor();
    expect(await page.getByRole("menuitem", { name: "Compare with the previous version" }).count()).toBe(0);
  });

  it("the detail and the page of a version have a button", async () => {
    const page = await openPicture();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await compared(page).toEqual(["1.4.0", "1.5.0-rc.2"]);
    await page.keyboard.press("Escape");
    await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
    await page.getByRole("grid").press("Enter");
    await page.getByRole("tab", { name: "Overview" }).waitFor();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await compared(page).toEqual(["1.4.0", "1.5.0-rc.2"]);
  });

  it("the palette compares what it finds, and opens a link that is pasted", async () => {
    const page = await openPicture();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("1.3.3 defect");
    await page.getByRole("option", { name: "Compare 1.3.3 with the previous version" }).click();
    await compared(page).toEqual(["1.3.2", "1.3.3"]);
    await page.getByRole("button", { name: "Copy link" }).click();
    await eventually(() => clipboard(page)).toMatch(/^berth:\/\/compare\/A\//);
    const link = await clipboard(page);
    await page.keyboard.press("Escape");
    await row(page, "1.4.2").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.insertText(link);
    await page.getByRole("option", { name: "Open the comparison of 2 versions" }).waitFor();
    await page.keyboard.press("Enter");
    await compared(page).toEqual(["1.3.2", "1.3.3"]);
  });

  it("the address is enough, also after a reload", async () => {
    const page = await openWindow("", { at: three });
    await compared(page).toEqual(["1.4.0", "1.4.2", "1.5.0-rc.2"]);
    await page.getByText("B", { exact: true }).first().click();
    await page.getByRole("rowheader", { name: "To pull, having B" }).waitFor();
    await page.reload();
    await page.getByRole("rowheader", { name: "To pull, having B" }).waitFor();
  });
});

describe("the tray", () => {
  it("takes rows of several repositories, survives the window, and compares", async () => {
    const page = await openPicture();
    await page.keyboard.press("a");
    await tray(page).getByText("1.5.0-rc.2").waitFor();
    await page.getByText("one more version is needed").waitFor();
    await page.getByRole("treeitem", { name: /seal-check/ }).click();
    const grid = page.getByRole("grid", { name: "Versions of vision/seal-check" });
    await grid.getByRole("row").nth(1).click();
    await grid.press("a");
    await page.getByRole("button", { name: "Compare 2" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Compare 2" }).click();
    await eventually(async () => (await columns(page)).length).toBe(2);
    await page.getByText("GHCR/vision/seal-check").waitFor();
    await page.keyboard.press("Escape");
    await tray(page).getByRole("button", { name: "Clear" }).click();
    await eventually(() => tray(page).count()).toBe(0);
  });

  it("opens under dragged rows; all that are chosen come along, Esc lets go", async () => {
    const page = await openPicture();
    const center = async (name: string) => {
      const box = await row(page, name).boundingBox();
      return { x: (box?.x ?? 0) + 200, y: (box?.y ?? 0) + 15 };
    };
    const drag = async (name: string) => {
      const from = await center(name);
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(from.x + 20, from.y + 60, { steps: 4 });
      await page.getByText("Drop here to compare").waitFor();
      const box = await tray(page).boundingBox();
      await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 15, { steps: 4 });
    };
    await drag("1.4.2");
    await page.keyboard.press("Escape");
    await eventually(() => tray(page).count()).toBe(0);
    await page.mouse.up();
    expect(await tray(page).count()).toBe(0);
    await drag("1.4.2");
    await page.mouse.up();
    await tray(page).getByText("1.4.2").waitFor();
    await page.getByRole("grid").press("Space");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByRole("heading", { name: "3 versions selected" }).waitFor();
    await drag("1.5.0-rc.1");
    await page.mouse.up();
    await eventually(() => tray(page).getByRole("listitem").allInnerTexts()).toHaveLength(3);
    await tray(page).getByRole("button", { name: "Compare 3" }).click();
    await compared(page).toEqual(["1.4.2", "1.5.0-rc.2", "1.5.0-rc.1"]);
  });
});

describe("beside each other", () => {
  it("sections are jumped to, and many columns scroll under the labels", async () => {
    const page = await openWindow("", { at: eight, width: 900, height: 560 });
    const grid = page.getByRole("grid", { name: "Comparison" });
    const label = page.getByRole("rowheader", { name: "To pull, having C" });
    const left = async () => (await label.boundingBox())?.x;
    await label.waitFor();
    const before = await left();
    await grid.focus();
    for (let time = 0; time < 8; time += 1) await page.keyboard.press("ArrowRight");
    await eventually(() => grid.evaluate((element) => element.scrollLeft)).toBeGreaterThan(200);
    expect(await left()).toBe(before);
    const tab = page.getByRole("button", { name: /^Configuration/ });
    await tab.click();
    await page.getByRole("heading", { name: "Configuration" }).waitFor();
    await eventually(() => tab.getAttribute("aria-current")).toBe("true");
    await page.getByRole("button", { name: /^Model card/ }).click();
    await eventually(() => tab.getAttribute("aria-current")).toBe(null);
  });

  it("a platform is chosen for all that have it, or in a column where they differ", async () => {
    const page = await openWindow("", { at: comparison(["1.4.0", "1.4.2", "1.4.2-onnx"]) });
    const platforms = () => page.evaluate(() => decodeURIComponent(window.location.hash).match(/linux\/\w+/g));
    await page.getByRole("button", { name: "Platform: linux/amd64" }).click();
    await page.getByRole("menuitem", { name: "linux/arm64" }).click();
    await page.getByRole("button", { name: "Platform: linux/arm64" }).waitFor();
    // A model has no platform of its own.
    expect(await platforms()).toEqual(["linux/arm64", "linux/arm64"]);
    await page.evaluate((hash) => window.location.assign(hash), severalPlatforms);
    await page.getByRole("button", { name: "Platform of B: linux/arm64" }).click();
    await page.getByRole("menuitem", { name: "linux/amd64" }).click();
    await page.getByRole("button", { name: "Platform: linux/amd64" }).waitFor();
    expect(await platforms()).toEqual(["linux/amd64", "linux/amd64"]);
  });

  it("packages and files are read when somebody says so, and the filter of the files is found by its key", async () => {
    const page = await openWindow("failing", { at: three });
    await page.getByRole("button", { name: "Packages not read" }).click();
    await page.getByRole("button", { name: "Read packages and files" }).first().click();
    await page.getByText("ghcr.io cannot be reached").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("rowheader", { name: "numpy" }).waitFor();
    await page.keyboard.press("Control+f");
    await page.keyboard.type("safetensors");
    await page.getByText("1 of 54 shown").waitFor();
    await page.getByRole("rowheader", { name: "models/defect-detector.safetensors" }).waitFor();
  });

  it("the layer under the pointer is outlined in every column that has it", async () => {
    const page = await openWindow("", { at: three });
    await page.getByRole("rowheader", { name: "CUDA 12.4 runtime" }).waitFor();
    const cell = page
      .getByRole("row", { name: /CUDA 12\.4 runtime/ })
      .getByRole("gridcell")
      .first();
    await cell.hover();
    await page.getByText(/ · 903.MB · CUDA 12\.4 runtime · in A and B/).waitFor();
    const outlined = await page
      .locator("[data-layer]")
      .evaluateAll((all) => all.filter((one) => getComputedStyle(one).outlineStyle === "solid").length);
    expect(outlined).toBe(4);
  });

  it("a click copies a layer's digest, and a cell's button its value", async () => {
    const page = await openWindow("", { at: three });
    const cell = page
      .getByRole("row", { name: /^accuracy/ })
      .getByRole("gridcell")
      .nth(1);
    await cell.hover();
    await cell.locator("[data-copy]").click();
    await eventually(() => clipboard(page)).toBe("0.947");
    await page.getByText("391a72a7").first().click();
    await eventually(() => clipboard(page)).toMatch(/^sha256:391a72a7[0-9a-f]{56}$/);
  });
});
