/** Promotion, its undo, channel history and the journal, by mouse and by keyboard. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eventually, isSelected, openWindow, picture, row } from "./window";

const tagsOf = async (page: Page, name: string) => await row(page, name).locator("[data-column=version] span[title]").allTextContents();
const focusedLabel = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName);

async function at(page: Page, name: string) {
  await row(page, name).click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
}

describe("a promotion", () => {
  it("is one click; the channel moves in the table, and Ctrl+Z takes it back", async () => {
    const page = await openWindow("", { at: picture });
    await at(page, "1.4.1");
    await page.getByRole("button", { name: "Promote to staging" }).click();
    await page.getByText("Promoted 1.4.1 to staging").waitFor();
    await eventually(() => tagsOf(page, "1.4.1")).toContain("staging");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("Control+z");
    await page.getByText("Undid the promotion of 1.4.1 to staging").waitFor();
    await eventually(() => tagsOf(page, "1.4.2")).toContain("staging");
  });

  it("is P in the table; to production it asks, and Enter confirms; the focus comes back", async () => {
    const page = await openWindow("", { at: picture });
    await at(page, "1.4.2");
    await page.getByRole("button", { name: "Promote to production…" }).waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("p");
    const dialog = page.getByRole("dialog", { name: "Promote to production" });
    await dialog.getByText("1.4.0 keeps its own tag").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Promoted 1.4.2 to production").waitFor();
    await eventually(() => tagsOf(page, "1.4.2")).toContain("production");
    await eventually(() => focusedLabel(page)).toBe("Versions of vision/defect-detector");
  });

  it("says in its tooltip what moves", async () => {
    const page = await openWindow("", { at: picture });
    await at(page, "1.4.1");
    await page.getByRole("button", { name: "Promote to staging" }).hover();
    await page.getByRole("tooltip").getByText("staging points at 1.4.2 (802604da) and moves to 27f25339").waitFor();
  });

  it("that takes long can be cancelled by Esc, and the list stays", async () => {
    const page = await openWindow("loading", { at: picture });
    await at(page, "1.5.0-rc.1");
    await page.getByRole("button", { name: "Promote to staging" }).click();
    await page.getByText("Promoting 1.5.0-rc.1 to staging").waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => page.getByText("Promoting 1.5.0-rc.1 to staging").count()).toBe(0);
    expect(await page.getByRole("alert").count()).toBe(0);
    await page.getByRole("heading", { name: "1.5.0-rc.1", exact: true }).waitFor();
  });

  it("is found in the palette", async () => {
    const page = await openWindow("", { at: picture });
    await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("1.3.3 def");
    await page.getByRole("option", { name: "Promote 1.3.3…" }).click();
    await page.getByRole("dialog", { name: "Promote to staging" }).getByRole("heading", { name: "Promote 1.3.3 to staging" }).waitFor();
  });

  it("to a channel that the version is on already is no promotion", async () => {
    const page = await openWindow("", { at: picture });
    await at(page, "1.4.0");
    await page.getByRole("button", { name: "Promote…" }).click();
    await page.getByRole("button", { name: "Tag to move: staging" }).click();
    await page.getByRole("menuitemradio", { name: "production" }).click();
    await page.getByText("production points at 1.4.0 already. Nothing moves.").waitFor();
    await eventually(() => page.getByRole("button", { name: "Promote to production" }).getAttribute("aria-disabled")).toBe("true");
  });
});

describe("a channel", () => {
  it("shows where it pointed, and rolls back with one click", async () => {
    const page = await openWindow("", { at: picture });
    await at(page, "1.4.0");
    await page.getByRole("grid").focus();
    await page.keyboard.press("h");
    const dialog = page.getByRole("dialog", { name: "History of production" });
    await dialog.getByRole("row", { name: /1\.2\.1/ }).waitFor();
    await dialog.getByRole("button", { name: "Roll back to 1.3.3" }).click();
    await page.getByText("Rolled production back to 1.3.3").waitFor();
    await eventually(() => tagsOf(page, "1.3.3")).toContain("production");
    await page.getByRole("button", { name: /^Undo Ctrl/ }).click();
    await page.getByText("Undid the roll-back of production to 1.3.3").waitFor();
    await eventually(() => tagsOf(page, "1.4.0")).toContain("production");
  });
});

describe("the journal", () => {
  it("is Ctrl+J; a change leads to its steps and is undone from there; Ctrl+J goes back", async () => {
    const page = await openWindow("", { at: picture });
    await at(page, "1.4.1");
    await page.getByRole("button", { name: "Promote to staging" }).click();
    await page.getByText("Promoted 1.4.1 to staging").waitFor();
    await page.keyboard.press("Control+j");
    await page.getByRole("row", { name: /Promotion .*staging vision\/defect-detector GHCR .*Done/ }).waitFor();
    await eventually(() => focusedLabel(page)).toBe("Changes");
    await page.keyboard.press("Enter");
    const pane = page.getByRole("complementary", { name: "Selected change" });
    await pane.getByText("staging moves from 27f25339 to 802604da.").waitFor();
    await pane.getByRole("button", { name: "Undo…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 step:").waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Undo");
    await page.keyboard.press("Enter");
    await page.getByText(/^Undid the promotion to staging/).waitFor();
    await pane.getByText("It was undone.", { exact: false }).waitFor();
    await page.keyboard.press("Control+j");
    await eventually(() => tagsOf(page, "1.4.2")).toContain("staging");
  });

  it("holds thousands and reads them page by page", async () => {
    const page = await openWindow("journal", { at: "#/journal" });
    const grid = page.getByRole("grid", { name: "Changes" });
    await grid.getByRole("row", { name: /Done in part/ }).waitFor();
    const last = () => grid.evaluate((element) => Number(element.getAttribute("aria-activedescendant")?.split("-").at(-1)));
    await grid.press("End");
    const first = await last();
    await eventually(async () => {
      await grid.press("End");
      return last();
    }).toBeGreaterThan(first + 200);
    expect(await grid.getByRole("row").count()).toBeLessThan(80);
  });

  it("is in the sidebar", async () => {
    const page = await openWindow("", { at: picture });
    await page
      .getByRole("navigation", { name: "Connections" })
      .getByRole("button", { name: /^Journal/ })
      .click();
    await page.getByRole("grid", { name: "Changes" }).waitFor();
    await page.keyboard.press("Escape");
    await row(page, "1.4.2").waitFor();
  });

  it("stands as a banner where a change was interrupted, at the start", async () => {
    const page = await openWindow("interrupted", { at: picture });
    await page.getByText(/^A promotion was interrupted on/).waitFor();
    await page.getByRole("button", { name: "Finish it" }).click();
    await page.getByRole("dialog").getByText("staging moves from 802604da to 27f25339").waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Finish it");
    await page.keyboard.press("Enter");
    await eventually(() => page.getByText(/^A promotion was interrupted on/).count()).toBe(0);
    await eventually(() => tagsOf(page, "1.4.1")).toContain("staging");
  });
});
