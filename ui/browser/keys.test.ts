/** Everything by keyboard. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { clipboard, eventually, isSelected, openWindow, picture, row } from "./window";

async function openPicture(): Promise<Page> {
  const page = await openWindow("", { at: picture });
  await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
  return page;
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName);

describe("in the table", () => {
  it("arrows, J and K move; the detail follows", async () => {
    const page = await openPicture();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await eventually(() => isSelected(page, "1.4.2")).toBe(true);
    await page.getByRole("heading", { name: "1.4.2", exact: true }).waitFor();
    await page.keyboard.press("k");
    await eventually(() => isSelected(page, "1.5.0-rc.1")).toBe(true);
  });

  it("Space and Shift+arrows select, Esc lets go", async () => {
    const page = await openPicture();
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByRole("heading", { name: "3 versions selected" }).waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => page.getByText("versions selected").count()).toBe(0);
  });

  it("Enter opens the version as a page, 1 to 6 choose its tabs, Esc goes back to the same row", async () => {
    const page = await openPicture();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const tab = (name: string) => page.getByRole("tab", { name });
    await tab("Overview").waitFor();
    await page.keyboard.press("3");
    await eventually(() => tab("History").getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("Escape");
    await eventually(() => isSelected(page, "1.4.2")).toBe(true);
    await eventually(() => focused(page)).toBe("Versions of vision/defect-detector");
    await page.keyboard.press("j");
    await eventually(() => isSelected(page, "1.4.2-onnx")).toBe(true);
  });

  it("Y copies the pull command, Shift+Y the digest", async () => {
    const page = await openPicture();
    await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
    await page.keyboard.press("y");
    await eventually(() => clipboard(page)).toMatch(/^docker pull ghcr\.io\/acme\/vision\/defect-detector@sha256:d67fa837/);
    await page.keyboard.press("Shift+Y");
    await eventually(() => clipboard(page)).toMatch(/^sha256:d67fa837[0-9a-f]{56}$/);
  });

  it("copies what the cursor stands on, though the detail beside still shows another version", async () => {
    const page = await openPicture();
    const current = () => page.evaluate(() => decodeURIComponent(window.location.hash).split("/").at(-1) ?? "");
    await row(page, "1.4.2").click();
    await page.keyboard.press("Shift+Y");
    await eventually(() => clipboard(page)).toMatch(/^sha256:/);
    expect(await clipboard(page)).toBe(await current());
    await row(page, "1.4.1").click();
    await page.keyboard.press("y");
    await eventually(() => clipboard(page)).toMatch(/^docker pull /);
    expect(await clipboard(page)).toContain(await current());
  });

  it("M opens and closes the chart; 1 to 6 choose the tabs beside it", async () => {
    const page = await openPicture();
    await page.keyboard.press("m");
    await page.getByRole("img", { name: /^accuracy rises from/ }).waitFor();
    await page.keyboard.press("m");
    await eventually(() => page.getByRole("img", { name: /^accuracy rises from/ }).count()).toBe(0);
    await page.keyboard.press("6");
    await eventually(() => page.getByRole("tab", { name: "JSON" }).getAttribute("aria-selected")).toBe("true");
  });
});

describe("the palette", () => {
  it("gets what is typed right after its key, and no list does", async () => {
    const page = await openPicture();
    await page.evaluate(() => navigator.clipboard.writeText("nothing yet"));
    // As close as two keys can come: the next turn of the browser.
    await page.evaluate(async () => {
      const press = (key: string, ctrlKey = false) =>
        document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
      press("k", true);
      await new Promise((resolve) => setTimeout(resolve));
      press("y");
    });
    await page.getByRole("dialog", { name: "Command palette" }).waitFor();
    await page.keyboard.type("tiny");
    expect(
      await page
        .getByRole("combobox", { name: /^Find/ })
        .or(page.getByRole("textbox", { name: /^Find/ }))
        .first()
        .inputValue(),
    ).toBe("tiny");
    expect(await clipboard(page)).toBe("nothing yet");
  });
});

describe("in the window", () => {
  it("Ctrl+F and / go to the filters, and letters typed there are letters", async () => {
    const page = await openPicture();
    await page.keyboard.press("Control+f");
    expect(await focused(page)).toBe("Filter tags");
    await page.keyboard.type("jmy1");
    expect(await page.getByRole("textbox", { name: "Filter tags" }).inputValue()).toBe("jmy1");
    await page.keyboard.press("Escape");
    await row(page, "1.4.2").waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => focused(page)).toBe("Versions of vision/defect-detector");
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("Filter repositories");
    await page.keyboard.type("seal");
    await eventually(() => page.getByRole("treeitem").count()).toBe(2);
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe("Repositories by connection");
  });

  it("the tree opens, closes and chooses by keyboard", async () => {
    const page = await openPicture();
    await page.getByRole("tree").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    await eventually(() => page.getByRole("treeitem", { name: /Sample models/ }).getAttribute("aria-expanded")).toBe("false");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByRole("grid", { name: "Versions of iris-classifier" }).waitFor();
  });

  it("Ctrl+B and Ctrl+I close and open the panes, and that is kept", async () => {
    const page = await openPicture();
    await page.keyboard.press("Control+b");
    await eventually(() => page.getByRole("tree").count()).toBe(0);
    await page.keyboard.press("Control+i");
    await eventually(() => page.getByRole("tab", { name: "Overview" }).count()).toBe(0);
    await page.goto(page.url());
    await row(page, "1.4.2").waitFor();
    expect(await page.getByRole("tree").count()).toBe(0);
    await page.keyboard.press("Control+i");
    await page.keyboard.press("Control+b");
    await page.getByRole("tree").waitFor();
    await page.getByRole("tab", { name: "Overview" }).waitFor();
  });

  it("F6 goes round the panes", async () => {
    const page = await openPicture();
    const seen = new Set<string | undefined>();
    for (let turn = 0; turn < 3; turn += 1) {
      await page.keyboard.press("F6");
      seen.add(await page.evaluate(() => document.activeElement?.closest("[data-pane]")?.tagName));
    }
    expect(seen.size).toBe(3);
  });

  it("F5 synchronises, and Esc cancels that", async () => {
    const page = await openWindow("loading", { at: picture });
    await row(page, "1.4.2").waitFor();
    await page.keyboard.press("F5");
    await page.getByText(/Reading tags/).waitFor();
    await page.getByRole("button", { name: /^Cancel/ }).waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => page.getByText(/Reading tags/).count()).toBe(0);
  });

  it("Ctrl+N, Ctrl+comma and ? open their dialog or page, and Esc closes it", async () => {
    const page = await openPicture();
    await page.keyboard.press("Control+n");
    await page.getByRole("dialog", { name: "Add a connection" }).waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => page.getByRole("dialog").count()).toBe(0);
    await eventually(() => focused(page)).toBe("Versions of vision/defect-detector");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "All keys" }).waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("Control+,");
    await page.getByText("Saved as you change them").waitFor();
    await page.keyboard.press("Escape");
    await row(page, "1.4.2").waitFor();
  });

  it("a key that was changed in the settings works at once", async () => {
    const page = await openWindow("", { at: "#/settings" });
    await page.getByRole("button", { name: /Chart/ }).click();
    await page.keyboard.press("g");
    await page.keyboard.press("Control+,");
    await page.evaluate((hash) => window.location.assign(hash), picture);
    await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
    await page.keyboard.press("g");
    await page.getByRole("img", { name: /^accuracy rises from/ }).waitFor();
  });
});
