/** The rules of a clean-up as they are edited, kept, checked and written for a terminal. Pure. */
import type { ConnectionInfo, PruneRules } from "../../../ipc";
import { asRecord, asStrings } from "../../../shared/persisted";
import { formOf } from "../../connections/providers";

/** A rule with a number; the number stays while it is off. null: nothing is typed. */
export interface Limit {
  on: boolean;
  count: number | null;
  /** Of a length of time; left out: days. */
  unit?: TimeUnit;
}

const units = { s: "seconds", min: "minutes", h: "hours", d: "days", w: "weeks" } as const;

export type TimeUnit = keyof typeof units;

export function unitName({ unit = "d" }: Limit): string {
  return units[unit];
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
  /** The saved policy that they are of; null: of none. */
  policy: string | null;
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
  policy: null,
};

/** Why there is no rule of last pulls here. */
export function whyNoPulls({ name, provider, pullTimes }: ConnectionInfo): string {
  return pullTimes === "unread"
    ? `Berth does not ask ${formOf(provider).label} when a version was last pulled.`
    : `${name} does not tell when a version was last pulled.`;
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

function timeOf(limit: Limit): string | null {
  const count = countOf(limit);
  return count === null ? null : `${count}${limit.unit ?? "d"}`;
}

function limitOfTime(text: string | null, first: Limit): Limit {
  const [, count, unit] = /^(\d+)(s|min|h|d|w)$/.exec(text?.trim() ?? "") ?? [];
  if (count === undefined) return first;
  const limit = { on: true, count: Number(count) };
  return unit === "d" ? limit : { ...limit, unit: unit as TimeUnit };
}

function limitOfCount(count: number | null, first: Limit): Limit {
  return count === null ? first : { on: true, count };
}

/** Saved rules, to be edited. */
export function draftOf(rules: PruneRules): RulesDraft {
  return {
    matching: rules.matching ?? "*",
    keepLast: limitOfCount(rules.keepLast, firstRules.keepLast),
    keepLastReleases: limitOfCount(rules.keepLastReleases, firstRules.keepLastReleases),
    groupBy: rules.groupBy ?? "",
    youngerDays: limitOfTime(rules.olderThan, firstRules.youngerDays),
    pulledDays: limitOfTime(rules.notPulledFor, firstRules.pulledDays),
    keep: rules.keep,
    keepSemver: rules.keepSemver,
    untagged: rules.untagged,
    eachTag: rules.eachTag,
    policy: null,
  };
}

/** Whether both say the same. */
export function sameRules(one: PruneRules, other: PruneRules): boolean {
  const text = ({
    matching,
    keepLast,
    keepLastReleases,
    groupBy,
    olderThan,
    notPulledFor,
    keep,
    keepSemver,
    untagged,
    eachTag,
  }: PruneRules) =>
    JSON.stringify([matching, keepLast, keepLastReleases, groupBy, olderThan, notPulledFor, keep, keepSemver, untagged, eachTag]);
  return text(one) === text(other);
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
    olderThan: timeOf(draft.youngerDays),
    notPulledFor: timeOf(draft.pulledDays),
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

/** A saved policy in a terminal. */
export function savedCommand(name: string): string {
  return `berthctl prune --saved ${quoted(name)}`;
}

/** The same in a terminal: `berthctl prune GHCR/vision/detector --keep-last 5`. */
export function commandOf(repositories: readonly string[], rules: PruneRules): string {
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
  return ["berthctl", "prune", ...repositories.map(quoted), ...valued, ...switches].join(" ");
}

export function quoted(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function limitOf(value: unknown, first: Limit): Limit {
  const kept = asRecord(value);
  if (kept === null) return first;
  const limit = { on: kept.on === true, count: typeof kept.count === "number" ? kept.count : first.count };
  return typeof kept.unit === "string" && kept.unit in units ? { ...limit, unit: kept.unit as TimeUnit } : limit;
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
    policy: typeof kept.policy === "string" ? kept.policy : null,
  };
}
