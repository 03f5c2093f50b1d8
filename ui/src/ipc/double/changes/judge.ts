/** What the rules of a clean-up, or a person's choice, say of each tag. As the program does it, in few words. */
import type { ChangeRequest, GoReason, KeepReason, PruneRules } from "../../bindings";
import type { KeptVersion } from "../data/versions";
import { problem } from "../operation";

/** null: not considered. */
export type Verdict = { stays: KeepReason } | { goes: string; why: GoReason[]; alone: boolean } | null;

export interface Judge {
  tag: (name: string, version: KeptVersion) => Verdict;
  /** Of a version without a tag, and of the parts of others. null: not considered. */
  leftover: (version: KeptVersion) => Verdict;
  /** Manifests without a tag go as well, where nothing needs them. */
  untagged: boolean;
}

const day = 86_400_000;
const periods: Record<string, number> = { s: 1000, min: 60_000, h: 3_600_000, d: day, w: 7 * day };

function invalid(message: string, hint: string | null = null) {
  return { ...problem("invalidInput", message, hint), retryable: false };
}

const globs = new Map<string, RegExp>();

export function globOf(pattern: string): RegExp {
  const known = globs.get(pattern) ?? compiled(pattern);
  globs.set(pattern, known);
  return known;
}

function compiled(pattern: string): RegExp {
  if (pattern === "") throw invalid("an empty pattern matches nothing: leave it out, or write * for everything");
  const source = pattern
    .replace(/[.+^$()|\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  try {
    return new RegExp(`^${source.replace(/\{([^}]*)\}/g, (_, inner: string) => `(${inner.replaceAll(",", "|")})`)}$`);
  } catch {
    throw invalid(`"${pattern}" is no pattern: unclosed character class; missing ']'`);
  }
}

export function covers(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => globOf(pattern).test(name));
}

function periodOf(text: string): number {
  const [, count, unit] = /^(\d+)([a-z]+)$/.exec(text.trim()) ?? [];
  const length = periods[unit ?? ""];
  if (count === undefined || length === undefined)
    throw invalid(`"${text}" is no length of time: write a number with s, min, h, d or w, such as 30d`);
  return Number(count) * length;
}

function expressionOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw invalid(`"${text}" is no regular expression: unclosed group`);
  }
}

const release = /^v?\d+(\.\d+)+$/;
const candidate = /^v?\d+(\.\d+)+-(rc|alpha|beta|pre|dev)/;

function createdAt(version: KeptVersion): number | null {
  const times = [version.row.created, version.row.pushed].filter((time) => time !== null).map((time) => Date.parse(time));
  return times.length === 0 ? null : Math.max(...times);
}

function isAll(matching: string | null): boolean {
  return matching === null || /^\*+$/.test(matching);
}

/** Which tags the newest versions of each group carry. */
function newest(versions: KeptVersion[], count: number, expression: RegExp | null): Set<KeptVersion> {
  const groups = new Map<string, KeptVersion[]>();
  for (const version of versions) {
    const [whole, first] = expression?.exec(version.row.tags[0]?.name ?? "") ?? [];
    const name = first ?? whole ?? "";
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [version]);
    else group.push(version);
  }
  const kept = [...groups.values()].flatMap((members) =>
    members.sort((left, right) => (createdAt(right) ?? 0) - (createdAt(left) ?? 0)).slice(0, count),
  );
  return new Set(kept);
}

export function judgeRules(rules: PruneRules, versions: KeptVersion[], protectedTags: readonly string[]): Judge {
  const letsTagsGo =
    rules.keepLast !== null ||
    rules.keepLastReleases !== null ||
    rules.olderThan !== null ||
    rules.notPulledFor !== null ||
    !isAll(rules.matching);
  if (!letsTagsGo && !rules.untagged)
    throw invalid(
      "the policy lets no tag go and selects nothing",
      "Add what lets tags go: keep_last, keep_last_releases, older_than, not_pulled_for, or a match other than *; or untagged for manifests without a tag.",
    );
  const matching = globOf(rules.matching ?? "*");
  const keep = rules.keep.map((pattern) => ({ pattern, glob: globOf(pattern) }));
  const group = rules.groupBy === null ? null : expressionOf(rules.groupBy);
  const edge = rules.olderThan === null ? null : Date.now() - periodOf(rules.olderThan);
  const considered = versions.filter((version) => version.row.tags.some((tag) => matching.test(tag.name)));
  const last = rules.keepLast === null ? null : newest(considered, rules.keepLast, group);
  const releases =
    rules.keepLastReleases === null
      ? null
      : new Set(considered.filter((version) => version.row.tags.some((tag) => release.test(tag.name))).slice(0, rules.keepLastReleases));
  const why = [
    rules.olderThan === null ? null : `older than ${rules.olderThan}`,
    rules.notPulledFor === null ? null : `not pulled for ${rules.notPulledFor}`,
    rules.keepLast === null ? null : `not one of the last ${rules.keepLast}`,
    rules.keepLastReleases === null ? null : `not one of the last ${rules.keepLastReleases} releases`,
    isAll(rules.matching) ? null : `matches ${rules.matching}`,
  ].filter((part) => part !== null);
  const isYoung = (version: KeptVersion) => {
    const created = createdAt(version);
    return edge !== null && created !== null && created >= edge;
  };
  const stays = (name: string, version: KeptVersion): KeepReason | null => {
    if (covers(protectedTags, name)) return { kind: "protected" };
    const kept = keep.find((one) => one.glob.test(name));
    if (kept) return { kind: "pattern", pattern: kept.pattern };
    if (rules.keepSemver && release.test(name) && !candidate.test(name)) return { kind: "release" };
    if (last?.has(version)) return { kind: "keepLast", count: rules.keepLast ?? 0 };
    if (releases?.has(version)) return { kind: "keepLastReleases", count: rules.keepLastReleases ?? 0 };
    if (edge !== null && createdAt(version) === null) return { kind: "unknownAge" };
    if (isYoung(version)) return { kind: "younger", than: rules.olderThan ?? "" };
    if (rules.notPulledFor !== null) return { kind: "unknownPull" };
    return letsTagsGo ? null : { kind: "noRule" };
  };
  const reasons = (name: string, version: KeptVersion): GoReason[] => {
    const count = rules.keepLastReleases;
    const created = createdAt(version);
    const told: (GoReason | null)[] = [
      rules.keepLast === null ? null : { kind: "notOfLast", count: rules.keepLast },
      count === null
        ? null
        : release.test(name)
          ? { kind: "notOfLastReleases", count }
          : { kind: candidate.test(name) ? "preRelease" : "noRelease" },
      isAll(rules.matching) ? null : { kind: "matches", pattern: rules.matching ?? "*" },
      edge === null || created === null ? null : { kind: "age", days: Math.floor((Date.now() - created) / day) },
    ];
    return told.filter((reason) => reason !== null);
  };
  return {
    untagged: rules.untagged,
    tag: (name, version) => {
      if (!matching.test(name)) return null;
      const reason = stays(name, version);
      return reason === null ? { goes: why.join(", "), why: reasons(name, version), alone: rules.eachTag } : { stays: reason };
    },
    leftover: (version) => {
      if (!rules.untagged) return null;
      const young = edge !== null && (createdAt(version) === null || isYoung(version));
      const goes = "no tag, and nothing that stays needs it";
      return young ? { stays: { kind: "unknownAge" } } : { goes, why: [{ kind: "untagged" }], alone: false };
    },
  };
}

type Delete = Extract<ChangeRequest, { kind: "delete" }>;

export function judgeChosen(chosen: Delete, versions: KeptVersion[], protectedTags: readonly string[]): Judge {
  if (chosen.tags.length === 0 && chosen.digests.length === 0) throw invalid("nothing is chosen", "Choose tags or versions.");
  const names = new Set(versions.flatMap((version) => version.row.tags.map((tag) => tag.name)));
  const digests = new Set(versions.map((version) => version.row.digest));
  const missing = chosen.tags.find((tag) => !names.has(tag)) ?? chosen.digests.find((digest) => !digests.has(digest));
  if (missing !== undefined) throw invalid(`${missing} is not in this repository any more`, "Refresh the repository and choose again.");
  const tags = new Set(chosen.tags);
  const whole = new Set(chosen.digests);
  return {
    untagged: false,
    tag: (name, version) => {
      if (!tags.has(name) && !whole.has(version.row.digest)) return null;
      if (covers(protectedTags, name) && !chosen.protectedToo) return { stays: { kind: "protected" } };
      return { goes: "chosen", why: [{ kind: "chosen" }], alone: chosen.eachTag && tags.has(name) };
    },
    leftover: (version) => (whole.has(version.row.digest) ? { goes: "chosen", why: [{ kind: "chosen" }], alone: false } : null),
  };
}
