/** No screen has a violation that axe knows, in light and in dark, contrast of AA included. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { comparison, eight, missing, same, severalPlatforms, three } from "./comparing";
import { byRoute, checkedBackup, checkedPlan, choosePolicy, chooseRules, copyTo, plannedCopy, prunePlan } from "./plans";
import { eventually, isSelected, type Options, openWindow, picture, row } from "./window";

declare global {
  interface Window {
    axe: typeof axe;
  }
}

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds; `only` the rules of these names. */
async function violations(page: Page, only: string[] | null, except: string[] = []): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(await source);
  return page.evaluate(
    async ({ only, except }) => {
      const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
      const options = { resultTypes: ["violations" as const], elementRef: false, rules };
      const { violations } = await window.axe.run(document, only === null ? options : { ...options, runOnly: only });
      return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)}: ${node.failureSummary ?? ""}`));
    },
    { only, except },
  );
}

interface Screen {
  name: string;
  world?: string;
  options?: Options;
  /** Rules that cannot hold here, and why. */
  except?: Record<string, string>;
  /** Brings the page to the screen. */
  go?: (page: Page) => Promise<void>;
}

const atPicture: Options = { at: picture };
const versions = async (page: Page) => {
  await eventually(() => isSelected(page, "1.5.0-rc.2")).toBe(true);
  await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
};
const tab = (key: string, name: string) => async (page: Page) => {
  await versions(page);
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name }).waitFor();
  await page.keyboard.press(key);
  await eventually(() => page.getByRole("tab", { name }).getAttribute("aria-selected")).toBe("true");
};

const screens: Screen[] = [
  { name: "the first start", world: "first" },
  { name: "the versions and a detail", options: atPicture, go: versions },
  {
    name: "several versions and the chart",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.keyboard.press("Space");
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("m");
      await page.getByRole("heading", { name: "2 versions selected" }).waitFor();
      await page.getByRole("img", { name: /^accuracy/ }).waitFor();
    },
  },
  {
    name: "the column chooser",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("checkbox", { name: "Kind" }).waitFor();
    },
  },
  {
    name: "the filters",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("button", { name: /^Filter by kind/ }).click();
      await page.getByRole("combobox", { name: "Kind" }).waitFor();
    },
  },
  {
    name: "a filter that matches nothing",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("textbox", { name: "Filter tags" }).fill("nothing at all");
      await page.getByText("No tag matches").waitFor();
    },
  },
  { name: "rows that are not read yet", world: "loading", options: atPicture, go: (page) => row(page, "1.4.2").waitFor() },
  { name: "offline", world: "offline", options: atPicture, go: (page) => page.getByText("Offline.", { exact: true }).waitFor() },
  { name: "errors", world: "errors", options: atPicture, go: (page) => page.getByText("The index could not be read").waitFor() },
  { name: "no keychain", world: "keychain", options: atPicture, go: versions },
  {
    name: "an expired login",
    options: { at: "#/r/lab/robotics%2Fpose-6d" },
    go: (page) => page.getByText("Log in again", { exact: true }).waitFor(),
  },
  { name: "an empty repository", options: { at: "#/r/ecr/prod%2Fempty" }, go: (page) => page.getByText("No tags in prod/empty").waitFor() },
  { name: "odd names", world: "odd", options: { at: "#/r/odd/odd%2Fnames" }, go: (page) => row(page, "2.0.0").click() },
  {
    name: "a narrow window",
    options: { ...atPicture, width: 900, height: 560 },
    go: async (page) => {
      await row(page, "1.4.2").click();
      await page.getByRole("heading", { name: "1.4.2", exact: true }).waitFor();
    },
  },
  {
    name: "the palette",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.keyboard.press("Control+k");
      await page.keyboard.type("1.4 def");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "all keys",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "All keys" }).waitFor();
    },
  },
  {
    name: "a new connection",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.keyboard.press("Control+n");
      await page.getByRole("dialog", { name: "Add a connection" }).waitFor();
    },
  },
  {
    name: "a new connection to an archive that is to be made",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.keyboard.press("Control+n");
      const dialog = page.getByRole("dialog", { name: "Add a connection" });
      await dialog.getByText("Folder (OCI layout)").click();
      await dialog.getByLabel("Folder", { exact: true }).fill("/new/attic.tar");
      await dialog.getByRole("checkbox", { name: "Make it: an empty archive" }).check();
    },
  },
  {
    name: "the menu of a connection",
    except: { region: "a menu floats over all landmarks" },
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("treeitem", { name: /GHCR/ }).click({ button: "right" });
      await page.getByRole("menuitem").first().waitFor();
    },
  },
  {
    name: "the check of a connection",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("treeitem", { name: /GHCR/ }).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Check…" }).click();
      await page.getByRole("dialog").getByText("API answers").waitFor();
    },
  },
  { name: "a version's files", options: atPicture, go: tab("2", "Files") },
  { name: "a version's history", options: atPicture, go: tab("3", "History") },
  { name: "a version's config", options: atPicture, go: tab("4", "Config") },
  { name: "a version's referrers", options: atPicture, go: tab("5", "Referrers") },
  { name: "a version's manifest", options: atPicture, go: tab("6", "JSON") },
  {
    name: "a promotion and its toast",
    except: { region: "a toast floats over all landmarks" },
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("button", { name: "Promote to staging" }).click();
      await page.getByText("Promoted 1.5.0-rc.2 to staging").waitFor();
    },
  },
  {
    name: "a promotion that failed",
    world: "moved",
    except: { region: "a toast floats over all landmarks" },
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("button", { name: "Promote to staging" }).click();
      await page.getByRole("alert").getByText("failed").waitFor();
    },
  },
  {
    name: "the dialog of a promotion",
    world: "asks",
    options: atPicture,
    go: async (page) => {
      await row(page, "1.4.2").click();
      await page.getByRole("button", { name: "Promote to production…" }).click();
      await page.getByText("One tag moves").waitFor();
      await page.getByText("production before").waitFor();
    },
  },
  {
    name: "the tags that a promotion may move",
    except: { region: "a menu floats over all landmarks" },
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("grid").press("Shift+P");
      await page.getByRole("button", { name: "Tag to move: staging" }).click();
      await page.getByRole("menuitemradio", { name: "latest" }).waitFor();
    },
  },
  {
    name: "the history of a channel",
    options: atPicture,
    go: async (page) => {
      await row(page, "1.4.0").click();
      await page.getByRole("button", { name: "production: where it pointed" }).click();
      await page.getByRole("button", { name: "Roll back to 1.3.3" }).waitFor();
    },
  },
  {
    name: "the journal and a change in it",
    options: { at: "#/journal/seed-1" },
    go: async (page) => {
      await page
        .getByRole("row", { name: /Clean-up/ })
        .first()
        .waitFor();
      await page.getByText("Still possible").waitFor();
      await page.getByText("failed: found 4be1907c").waitFor();
    },
  },
  {
    name: "the journal in a narrow window",
    world: "interrupted",
    options: { at: "#/journal/seed-0", width: 900, height: 560 },
    go: (page) => page.getByText("Still possible").waitFor(),
  },
  {
    name: "an empty journal",
    world: "first",
    options: { at: "#/journal" },
    go: (page) => page.getByText("Nothing was changed yet").waitFor(),
  },
  {
    name: "an interrupted change and its plan",
    world: "interrupted",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.getByRole("button", { name: "Finish it" }).click();
      await page.getByRole("dialog").getByText("2 steps").waitFor();
    },
  },
  {
    name: "a version's menu",
    except: { region: "a menu floats over all landmarks" },
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await row(page, "1.3.1").click({ button: "right" });
      await page.getByRole("menuitem", { name: "Delete…" }).waitFor();
    },
  },
  {
    name: "a clean-up without rules",
    options: { at: prunePlan },
    go: (page) => page.getByRole("heading", { name: "Nothing is selected yet" }).waitFor(),
  },
  {
    name: "the plan of a clean-up, with a rule that cannot be",
    options: { at: prunePlan },
    go: async (page) => {
      await chooseRules(page);
      await page.getByRole("switch", { name: "The last … versions" }).check({ force: true });
      await page.getByRole("textbox", { name: /of each group/ }).fill("(");
      await page.getByText(/is no regular expression/).waitFor();
    },
  },
  { name: "a saved policy over two repositories, of which one is not read", world: "unread", options: { at: prunePlan }, go: choosePolicy },
  {
    name: "the dialog that saves a policy",
    options: { at: prunePlan },
    go: async (page) => {
      await chooseRules(page);
      await page.getByRole("button", { name: "Policies" }).click();
      await page.getByRole("menuitem", { name: "Save…" }).click();
      await page.getByText("1 known repository").waitFor();
    },
  },
  {
    name: "a checked plan with a backup",
    options: { at: prunePlan },
    go: async (page) => {
      await checkedBackup(page);
      await page.getByRole("treegrid").getByText("Backed up first").click();
    },
  },
  { name: "a checked plan that changed", world: "moved", options: { at: prunePlan }, go: checkedPlan },
  {
    name: "a plan that asks for a name, in a narrow window",
    options: { at: prunePlan, width: 900, height: 560 },
    go: async (page) => {
      await page.getByRole("textbox", { name: "Younger than: days" }).fill("1");
      await page.getByRole("button", { name: /^Check and delete/ }).click();
      await page.getByRole("textbox", { name: /^Type vision/ }).waitFor();
    },
  },
  {
    name: "a plan that was done in part",
    world: "refused",
    options: { at: prunePlan },
    go: async (page) => {
      await checkedPlan(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText("It was done in part.").waitFor();
    },
  },
  {
    name: "a deletion by hand, of single tags",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await row(page, "1.4.2").click();
      await page.keyboard.press("Delete");
      await page.getByText("Only tags").click();
      await page.getByRole("checkbox", { name: "1.4.2" }).waitFor();
      await page.getByRole("button", { name: /^Delete \d/ }).waitFor();
    },
  },
  {
    name: "the toast of a deletion",
    options: { at: prunePlan },
    go: async (page) => {
      await checkedPlan(page);
      await page.keyboard.press("Control+Enter");
      await page.getByText(/^Deleted 13 tags/).waitFor();
    },
  },
  { name: "a copy by a route, planned", options: { at: byRoute }, go: plannedCopy },
  {
    name: "a copy while it runs",
    world: "slow",
    options: { at: byRoute },
    go: async (page) => {
      await plannedCopy(page);
      await page.getByRole("button", { name: /^Promote to ECR.*move/ }).click();
      await page.getByRole("button", { name: "Go on in the background" }).waitFor();
    },
  },
  {
    name: "a copy to somewhere, in a narrow window",
    options: { at: copyTo, width: 900, height: 560 },
    go: (page) => page.getByRole("heading", { name: "Where to?" }).waitFor(),
  },
  { name: "three versions beside each other", options: { at: three }, go: (page) => page.getByText("19 digests").waitFor() },
  {
    name: "all that is alike too, with a cursor",
    options: { at: three },
    go: async (page) => {
      await page.getByText("19 digests").waitFor();
      await page.keyboard.press("d");
      await page.getByRole("rowheader", { name: "Licenses" }).waitFor();
      await page.keyboard.press("ArrowDown");
    },
  },
  {
    name: "eight versions beside each other in a narrow window",
    options: { at: eight, width: 900, height: 560 },
    go: (page) => page.getByText("34 digests").waitFor(),
  },
  {
    name: "the files that differ, filtered",
    options: { at: three },
    go: async (page) => {
      await page.getByText("19 digests").waitFor();
      await page.keyboard.press("Control+f");
      await page.getByRole("textbox", { name: "Filter files" }).pressSequentially("numpy");
      await page.getByText("7 of 54 shown").waitFor();
    },
  },
  {
    name: "packages and files that were not read",
    world: "costly",
    options: { at: three },
    go: async (page) => {
      await page.getByRole("button", { name: /^Files/ }).click();
      await page
        .getByText(/^Reads 2\.10.GB/)
        .last()
        .waitFor();
    },
  },
  {
    name: "packages and files while they are read",
    world: "costly",
    options: { at: three },
    go: async (page) => {
      await page.getByRole("button", { name: /^Files/ }).click();
      await page.getByRole("button", { name: "Read packages and files" }).last().click();
      await page
        .getByText(/2\.10.GB read/)
        .last()
        .waitFor();
    },
  },
  { name: "the same version twice", options: { at: same }, go: (page) => page.getByText("The same version, by digest").waitFor() },
  {
    name: "versions of several platforms",
    options: { at: severalPlatforms },
    go: (page) => page.getByText(/^different platforms/).waitFor(),
  },
  {
    name: "a comparison with a version that is missing",
    options: { at: missing },
    go: (page) => page.getByText("A version is not known here").waitFor(),
  },
  {
    name: "one version alone",
    options: { at: comparison(["1.4.2"]) },
    go: (page) => page.getByText("One version alone cannot be compared").waitFor(),
  },
  {
    name: "the palette that picks a version to compare",
    options: { at: three },
    go: async (page) => {
      await page.getByRole("button", { name: "Add a version" }).click();
      await page.getByRole("option", { name: /1\.5\.0-rc\.1/ }).waitFor();
    },
  },
  {
    name: "the tray of versions to compare",
    options: atPicture,
    go: async (page) => {
      await versions(page);
      await page.keyboard.press("a");
      await page.getByText("one more version is needed").waitFor();
    },
  },
  { name: "the settings", options: { at: "#/settings" } },
  {
    name: "what a channel asks for, with a bound that is none",
    options: { at: "#/settings" },
    go: async (page) => {
      await page.getByRole("button", { name: /^A promotion to production asks for/ }).click();
      await page.getByRole("checkbox", { name: "A signature" }).click();
      await page.locator("input").and(page.getByLabel("Metrics within bounds")).fill("f1");
      await page.keyboard.press("Enter");
      await page.getByText(/^f1: write a metric/).waitFor();
    },
  },
  {
    name: "a new route",
    options: { at: "#/settings" },
    go: async (page) => {
      await page.getByRole("region", { name: "Routes" }).getByRole("button", { name: "Add" }).click();
      await page.getByRole("dialog", { name: "Add a route" }).waitFor();
    },
  },
];

describe("axe finds nothing in", () => {
  it.each(screens)("$name", async ({ world = "", options, except, go }) => {
    const page = await openWindow(world, options);
    await go?.(page);
    expect(await violations(page, null, Object.keys(except ?? {})), "in light").toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await eventually(() => page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
    // Only colours differ.
    expect(await violations(page, ["color-contrast"]), "in dark").toEqual([]);
  });
});
