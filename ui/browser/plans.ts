/** The ways to plans, as the look has them. */
import type { Page } from "playwright-core";
import { defectDetector as data } from "../src/ipc/double/data/versions";

const version = (data.find((one) => one.row.tags.some((tag) => tag.name === "1.4.2"))?.row.digest ?? "").replace(":", "%3A");

/** 1.4.2 by the route of the picture, and to where somebody says. */
export const byRoute = `#/promote/ghcr/vision%2Fdefect-detector/${version}/Production%2C%20Frankfurt`;
export const copyTo = `#/copy/ghcr/vision%2Fdefect-detector/${version}`;

/** Both repositories are read. */
export async function plannedCopy(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Promote to ECR.*move/ }).waitFor();
  await page.getByRole("table", { name: "Skipped" }).waitFor();
}

export const prunePlan = "#/plan/ghcr/vision%2Fdefect-detector/prune";

/** The rules of the picture: the last 5 releases, younger than 90 days, `line-*`. */
export async function chooseRules(page: Page): Promise<void> {
  await page.getByRole("switch", { name: "The last … releases" }).check();
  await page.getByRole("switch", { name: "Younger than … days" }).check();
  await page.getByPlaceholder("Add a pattern").fill("line-*");
  await page.keyboard.press("Enter");
  await page.getByText("9 versions go").waitFor();
}

/** The plan of the picture, read anew. */
export async function checkedPlan(page: Page): Promise<void> {
  await chooseRules(page);
  await page.getByRole("button", { name: /^Check and delete/ }).click();
  await page.getByRole("button", { name: /^Delete \d/ }).waitFor();
}

/** The saved policy of the picture. */
export async function choosePolicy(page: Page): Promise<void> {
  await page.getByRole("combobox", { name: "Policy" }).click();
  await page.getByRole("option", { name: "Quarterly clean-up" }).click();
  await page.getByText("9 versions go").waitFor();
}

/** The plan of the picture with a backup into the folder of the sample models, read anew. */
export async function checkedBackup(page: Page): Promise<void> {
  await chooseRules(page);
  await page.getByRole("combobox", { name: "Back up to" }).click();
  await page.getByRole("option", { name: "Sample models" }).click();
  await page.getByRole("textbox", { name: "Place in it" }).fill("before/the-quarterly-clean-up");
  await page.getByRole("button", { name: /^Check and delete/ }).click();
  await page.getByRole("button", { name: /^Back up, then delete \d/ }).waitFor();
}
