/** What a person comes to delete: by rules, by hand, and back again. */
import { describe, expect, it } from "vitest";
import { checkedPlan, choosePolicy, chooseRules, prunePlan } from "./plans";
import { clipboard, eventually, isSelected, openWindow, picture, row } from "./window";

const focused = (text: string) => `document.activeElement?.textContent === ${JSON.stringify(text)}`;

describe("by hand", () => {
  it("goes from selected rows over the plan to the list, and the undo brings them back", async () => {
    const page = await openWindow("", { at: picture });
    await row(page, "1.4.1").click();
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByRole("button", { name: "Delete 2 versions…" }).click();
    await page.getByText("1 version goes").waitFor();
    // 1.4.0 carries production: it stays.
    await page.getByRole("treegrid").getByText("Protected tag").waitFor();
    await page.getByRole("button", { name: /^Delete 2 tags and 6 digests/ }).waitFor();
    await eventually(() => page.evaluate(focused("Cancel"))).toBe(true);
    await page.keyboard.press("Control+Enter");
    await page.getByRole("grid", { name: "Versions of vision/defect-detector" }).waitFor();
    await page.getByText(/^Deleted 2 tags and 6 digests/).waitFor();
    await eventually(() => row(page, "1.4.1").count()).toBe(0);
    await page.keyboard.press("Control+z");
    await page.getByText(/^Undid the deletion of 2 tags and 6 digests/).waitFor();
    await row(page, "1.4.1").waitFor();
  }, 120_000);

  it("begins with Del on a row and ends with Esc where it began", async () => {
    const page = await openWindow("", { at: picture });
    await row(page, "1.3.0").click();
    await page.getByRole("grid").press("Delete");
    await page.getByRole("heading", { name: "Delete" }).waitFor();
    await page.getByRole("button", { name: /^Delete 2 tags/ }).waitFor();
    await page.keyboard.press("Escape");
    await row(page, "1.3.0").waitFor();
  });

  it("is offered by the menu of a row, and the tags of a row that was not read can go", async () => {
    const page = await openWindow("odd", { at: "#/r/odd/odd%2Fnames" });
    await row(page, "2.1.0").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("treegrid").getByText("Could not be read", { exact: true }).waitFor();
  });
});

describe("by rules", () => {
  it("is found in the palette, in a repository's menu and by its key", async () => {
    const page = await openWindow("", { at: picture });
    await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("prune");
    await page.locator('[role="option"][data-combobox-selected]', { hasText: "Prune" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nothing is selected yet" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("grid").press("Shift+Delete");
    await page.getByRole("heading", { name: "Prune" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("treeitem", { name: /seal-check/ }).click({ button: "right" });
    await page.getByRole("menuitem", { name: /Prune/ }).click();
    await eventually(() => page.url()).toContain("/plan/ghcr/vision%2Fseal-check/prune");
    await page.keyboard.press("Escape");
    await page.getByRole("tree").press("Shift+Delete");
    await page.getByRole("heading", { name: "Prune" }).waitFor();
  });

  it("shows what goes and stays, and each row opens by keyboard", async () => {
    const page = await openWindow("", { at: prunePlan });
    await chooseRules(page);
    const tree = page.getByRole("treegrid", { name: "What goes and what stays" });
    await tree.getByText("1.3.1", { exact: true }).waitFor();
    await tree.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await tree.getByText("part of 5b6dbb76").first().waitFor();
    await page.keyboard.press("ArrowLeft");
    await eventually(() => tree.getByText("part of 5b6dbb76").count()).toBe(0);
    await page.getByRole("button", { name: "Copy the command" }).click();
    await eventually(() => clipboard(page)).toBe(
      "berthctl prune GHCR/vision/defect-detector --keep-last-releases 5 --older-than 90d --keep 'line-*'",
    );
    await page.getByRole("button", { name: "Copy plan as JSON" }).click();
    await eventually(() => clipboard(page)).toContain('"reclaimed_bytes"');
  });

  it("keeps its rules for the next time", async () => {
    const page = await openWindow("", { at: prunePlan });
    await chooseRules(page);
    await page.reload();
    await page.getByText("9 versions go").waitFor();
  });

  it("changes nothing after Esc in the middle", async () => {
    const page = await openWindow("", { at: prunePlan });
    await checkedPlan(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Check and delete/ }).waitFor();
    await page.keyboard.press("Escape");
    await row(page, "1.3.1").waitFor();
  });

  it("of a saved policy is of all its repositories; one that cannot be read stops alone", async () => {
    const page = await openWindow("unread", { at: prunePlan });
    await choosePolicy(page);
    const tree = page.getByRole("treegrid", { name: "What goes and what stays" });
    await tree.getByText("Could not be read", { exact: true }).waitFor();
    await tree.getByText(/Server error 502/).waitFor();
    await tree.getByText("Shared, but only among these 9").waitFor();
    await page.getByRole("button", { name: "Copy the command" }).click();
    await eventually(() => clipboard(page)).toBe("berthctl prune --saved 'Quarterly clean-up'");
    await tree.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: /^Delete 13 tags and 35 digests/ }).waitFor();
  });

  it("of 10,000 versions draws only what is in sight", async () => {
    const page = await openWindow("big", { at: "#/plan/big/load%2Fhundred-thousand/prune" });
    await page.getByRole("textbox", { name: "The last: versions" }).fill("90000");
    await page.getByText(/^10.000 versions go/).waitFor();
    const tree = page.getByRole("treegrid");
    expect(Number(await tree.getAttribute("aria-rowcount"))).toBeGreaterThan(10_000);
    expect(await tree.getByRole("row").count()).toBeLessThan(80);
    await tree.focus();
    await page.keyboard.press("End");
    await tree.getByText(/Among the last 90.000/).waitFor();
  });
});

it("protected tags are marked in the list, by a name too", async () => {
  const page = await openWindow("", { at: picture });
  await row(page, "1.4.0").getByRole("img", { name: "protected" }).waitFor();
  expect(await row(page, "1.4.1").getByRole("img", { name: "protected" }).count()).toBe(0);
});
