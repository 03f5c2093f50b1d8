/** The rules of a clean-up as they are edited, kept, checked and written for a terminal. Pure. */
import type { Provider, PruneRules } from "../../../ipc";
import { asRecord, asStrings } from "../../../shared/persisted";

/** A rule with a number; the number stays while it is off. null: nothing is typed. */
export interface Limit {
  on: boolean;
  count: number | null;
}

export interface RulesDraft {
  matching: string;
  keepLast: Limit;
  keepLastReleases: Limit;
  groupBy: string;
  youngerDays: Limit;
  pulledDays: Limit;
  keep: string[];
  keepSemver: boolean;
  untagged: boolean;
  eachTag: boolean;
}

export type LimitName = "keepLast" | "keepLastReleases" | "youngerDays" | "pulledDays";

export const firstRules: RulesDraft = {
  matching: "*",
  keepLast: { on: false, count: 10 },
  keepLastReleases: { on: false, count: 5 },
  groupBy: "",
  youngerDays: { on: false, count: 90 },
  pulledDays: { on: false, count: 90 },
  keep: [],
  keepSemver: false,
  untagged: false,
  eachTag: false,
};

/** Registries that say when a version was last pulled. */
const tellPulls: ReadonlySet<Provider> = new Set(["dockerHub", "ecr", "harbor"]);

export function tellsPulls(provider: Provider): boolean {
  return tellPulls.has(provider);
}

export type RuleErrors = Partial<Record<LimitName | "matching" | "groupBy" | "keep", string>>;

/** What can be told without asking the program. */
export function errorsOf(draft: RulesDraft): RuleErrors {
  const errors: RuleErrors = {};
  for (const name of ["keepLast", "keepLastReleases", "youngerDays", "pulledDays"] as const) {
    const { on, count } = draft[name];
    if (on && (count === null || count < 1 || !Number.isInteger(count))) errors[name] = "A whole number from 1";
  }
  if (draft.matching.trim() === "") errors.matching = "An empty pattern matches nothing; * matches all";
  return errors;
}

/** What the program said against the rules, at the field that it is about; null: at none. */
export function errorOfField(message: string, draft: RulesDraft): RuleErrors | null {
  if (message.includes("regular expression")) return { groupBy: message };
  if (!message.includes("pattern")) return null;
  return draft.keep.some((pattern) => message.includes(JSON.stringify(pattern))) ? { keep: message } : { matching: message };
}

function countOf({ on, count }: Limit): number | null {
  return on ? count : null;
}

function daysOf(limit: Limit): string | null {
  const count = countOf(limit);
  return count === null ? null : `${count}d`;
}

function isAll(matching: string): boolean {
  return /^\*+$/.test(matching.trim());
}

export function rulesOf(draft: RulesDraft): PruneRules {
  return {
    matching: isAll(draft.matching) ? null : draft.matching.trim(),
    keepLast: countOf(draft.keepLast),
    keepLastReleases: countOf(draft.keepLastReleases),
    groupBy: draft.keepLast.on && draft.groupBy !== "" ? draft.groupBy : null,
    olderThan: daysOf(draft.youngerDays),
    notPulledFor: daysOf(draft.pulledDays),
    keep: draft.keep,
    keepSemver: draft.keepSemver,
    untagged: draft.untagged,
    eachTag: draft.eachTag,
  };
}

/** Without any of these nothing goes, and the program says that nothing is selected. */
export function selectsSomething(rules: PruneRules): boolean {
  return (
    rules.keepLast !== null ||
    rules.keepLastReleases !== null ||
    rules.olderThan !== null ||
    rules.notPulledFor !== null ||
    rules.matching !== null ||
    rules.untagged
  );
}

/** The same in a terminal: `berthctl prune GHCR/vision/detector --keep-last 5`. */
export function commandOf(repository: string, rules: PruneRules): string {
  const flags = [
    ["--match", rules.matching],
    ["--keep-last", rules.keepLast],
    ["--keep-last-releases", rules.keepLastReleases],
    ["--group-by", rules.groupBy],
    ["--older-than", rules.olderThan],
    ["--not-pulled-for", rules.notPulledFor],
    ...rules.keep.map((pattern) => ["--keep", pattern] as const),
  ] as const;
  const valued = flags.flatMap(([flag, value]) => (value === null ? [] : [flag, quoted(String(value))]));
  const switches = [
    rules.keepSemver ? "--keep-semver" : null,
    rules.untagged ? "--untagged" : null,
    rules.eachTag ? "--each-tag" : null,
  ].filter((flag) => flag !== null);
  return ["berthctl", "prune", quoted(repository), ...valued, ...switches].join(" ");
}

export function quoted(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function limitOf(value: unknown, first: Limit): Limit {
  const kept = asRecord(value);
  return kept === null ? first : { on: kept.on === true, count: typeof kept.count === "number" ? kept.count : first.count };
}

/** Rules that were kept; what is broken or old becomes as at first. */
export function parseRules(value: unknown): RulesDraft | null {
  const kept = asRecord(value);
  if (kept === null) return null;
  return {
    matching: typeof kept.matching === "string" ? kept.matching : firstRules.matching,
    keepLast: limitOf(kept.keepLast, firstRules.keepLast),
    keepLastReleases: limitOf(kept.keepLastReleases, firstRules.keepLastReleases),
    groupBy: typeof kept.groupBy === "string" ? kept.groupBy : "",
    youngerDays: limitOf(kept.youngerDays, firstRules.youngerDays),
    pulledDays: limitOf(kept.pulledDays, firstRules.pulledDays),
    keep: asStrings(kept.keep),
    keepSemver: kept.keepSemver === true,
    untagged: kept.untagged === true,
    eachTag: kept.eachTag === true,
  };
}
