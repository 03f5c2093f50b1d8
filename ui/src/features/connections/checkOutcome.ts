/** What the steps of a check mean for the button: may it be saved, and what will not work then. */
import type { CheckStep } from "../../ipc";

type StepName = CheckStep["step"];

/** Without these nothing can be read, so nothing is saved. */
const needed: readonly StepName[] = ["name", "connect", "tls", "api", "login"];

const without: Partial<Record<StepName, string>> = { list: "listing", pull: "pull", push: "push", delete: "delete" };

export interface CheckOutcome {
  /** The first step that nothing works without; null: the connection is usable. */
  blocking: CheckStep | null;
  /** Abilities that are missing, in words: "delete". */
  lacking: string[];
  /** The login may not list: repositories are pinned by name. */
  listRefused: boolean;
}

export function outcomeOf(steps: readonly CheckStep[]): CheckOutcome {
  const failed = steps.filter((step) => step.ok === false);
  return {
    blocking: failed.find((step) => needed.includes(step.step)) ?? null,
    lacking: failed.flatMap((step) => without[step.step] ?? []),
    listRefused: failed.some((step) => step.step === "list"),
  };
}

/** "Add connection", "Add without delete", "Save without push and delete". */
export function saveLabel(verb: "Add" | "Save" | "Log in", outcome: CheckOutcome | null): string {
  const lacking = outcome?.blocking === null ? outcome.lacking : [];
  if (lacking.length > 0) return `${verb} without ${inWords(lacking)}`;
  if (verb === "Log in") return verb;
  return verb === "Add" ? "Add connection" : "Save connection";
}

function inWords(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

const titles: Record<StepName, { ok: string; failed: string; unknown: string }> = {
  name: { ok: "Name resolved", failed: "Name not found", unknown: "Name" },
  connect: { ok: "Connected", failed: "No connection", unknown: "Connection" },
  tls: { ok: "Certificate trusted", failed: "No trusted encryption", unknown: "Encryption" },
  api: { ok: "API answers", failed: "No registry answers", unknown: "API" },
  login: { ok: "Login accepted", failed: "Login refused", unknown: "Login" },
  list: { ok: "May list", failed: "May not list", unknown: "List" },
  pull: { ok: "May pull", failed: "May not pull", unknown: "Pull" },
  push: { ok: "May push", failed: "May not push", unknown: "Push" },
  delete: { ok: "May delete", failed: "May not delete", unknown: "Delete" },
};

export function stepTitle(step: CheckStep): string {
  const words = titles[step.step];
  if (step.ok === null) return words.unknown;
  return step.ok ? words.ok : words.failed;
}

/** What was found, below the step. A step that only waited for the one before has nothing to say. */
export function stepDetail(step: CheckStep): string | null {
  const said = step.detail.trim();
  return said === "" || said === stepTitle(step) || /^not tried\b/i.test(said) ? null : said;
}

/** The order in which a check runs; what is listed before its answer is there. */
export const stepOrder = Object.keys(titles) as StepName[];
