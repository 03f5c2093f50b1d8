/** A plan as people read it: versions with what goes along, what stays under its first reason, what is protected. Pure. */
import type { KeptTag, Outcome, Plan, PlannedStep, ProtectedDigest } from "../../../ipc";
import { deletionOf } from "../running/words";

/** What goes with a version: a platform of it, or what points at it. */
export interface GoingPart {
  step: PlannedStep;
  kind: "part" | "referrer";
}

export interface Going {
  digest: string;
  tags: string[];
  reason: string;
  /** What all its steps free. */
  bytes: number;
  parts: GoingPart[];
  /** Only tags of it go; the version stays. */
  tagsOnly: boolean;
}

/** Tags that stay for one reason. A version stands under its first reason with all its tags. */
export interface KeptGroup {
  reason: string;
  tags: KeptTag[];
  versions: number;
}

export interface GuardedGroup {
  reason: string;
  digests: ProtectedDigest[];
}

export interface Counts {
  versions: number;
  /** Of versions; signature tags and the like are not among them. */
  versionTags: number;
  /** All tags that go. */
  tags: number;
  digests: number;
  keptVersions: number;
}

export interface PlanModel {
  going: Going[];
  kept: KeptGroup[];
  guarded: GuardedGroup[];
  counts: Counts;
}

const belonging = /^(part of|belongs to) ([0-9a-f]{6,})$/;
export const protectedReason = "protected";
const sameVersion = /^same version as /;

export function planModel(plan: Plan): PlanModel {
  const going = goingOf(plan.steps);
  const whole = going.filter((one) => !one.tagsOnly);
  return {
    going,
    kept: keptGroups(plan.kept),
    guarded: guardedGroups(plan.protected),
    counts: {
      versions: whole.length,
      versionTags: plan.deletedTags,
      ...deletionOf(plan.steps),
      keptVersions: new Set(plan.kept.map((one) => `${one.repository}@${one.digest}`)).size,
    },
  };
}

const hexOf = (digest: string) => digest.slice(digest.indexOf(":") + 1);

/** Steps by the version that they belong to, in the order of the plan. */
function goingOf(steps: readonly PlannedStep[]): Going[] {
  const owners = ownersOf(steps);
  const rows = new Map<string, Going>();
  for (const step of steps) {
    const owner = rootOf(step, owners);
    const digest = owner?.digest ?? step.digest;
    const row = rows.get(digest) ?? { digest, tags: [], reason: "", bytes: 0, parts: [], tagsOnly: true };
    rows.set(digest, row);
    row.bytes += step.bytes;
    if (owner !== null) {
      row.parts.push({ step, kind: step.reason.startsWith("part of") ? "part" : "referrer" });
      continue;
    }
    row.tags.push(...step.tags);
    row.reason = step.reason;
    if (step.action === "delete-manifest") row.tagsOnly = false;
  }
  return [...rows.values()];
}

/** The steps that delete a manifest, by the beginning of its digest, as long as reasons name it. */
function ownersOf(steps: readonly PlannedStep[]): Map<string, PlannedStep> {
  const lengths = new Set(steps.map((step) => belonging.exec(step.reason)?.[2]?.length).filter((length) => length !== undefined));
  const owners = new Map<string, PlannedStep>();
  for (const step of steps) {
    if (step.action !== "delete-manifest") continue;
    for (const length of lengths) owners.set(hexOf(step.digest).slice(0, length), step);
  }
  return owners;
}

/** The version that a step belongs to, over several steps where need be; null: it goes by itself. */
function rootOf(step: PlannedStep, owners: ReadonlyMap<string, PlannedStep>): PlannedStep | null {
  const seen = new Set([step]);
  let root: PlannedStep | null = null;
  for (let at = step; ; ) {
    const owner = owners.get(belonging.exec(at.reason)?.[2] ?? "");
    if (owner === undefined || seen.has(owner)) return root;
    seen.add(owner);
    root = owner;
    at = owner;
  }
}

function keptGroups(kept: readonly KeptTag[]): KeptGroup[] {
  const reasons = new Map<string, string>();
  for (const one of kept) {
    const version = `${one.repository}@${one.digest}`;
    // What protects goes before every rule.
    if (one.reason === protectedReason || (!sameVersion.test(one.reason) && !reasons.has(version))) reasons.set(version, one.reason);
  }
  const groups = new Map<string, KeptGroup & { of: Set<string> }>();
  for (const one of kept) {
    const version = `${one.repository}@${one.digest}`;
    const reason = reasons.get(version) ?? "same version as a tag that stays";
    const group = groups.get(reason) ?? { reason, tags: [], versions: 0, of: new Set() };
    groups.set(reason, group);
    group.tags.push(one);
    group.of.add(version);
    group.versions = group.of.size;
  }
  // What protects comes first; all else in the order of the plan.
  return [...groups.values()]
    .sort((left, right) => Number(right.reason === protectedReason) - Number(left.reason === protectedReason))
    .map(({ reason, tags, versions }) => ({ reason, tags, versions }));
}

const guards: readonly [RegExp, string][] = [
  [/^part of /, "part of a version that stays"],
  [/^belongs to /, "points at a version that stays"],
  [/^tagged /, "carries a tag that stays"],
];

function guardedGroups(guarded: readonly ProtectedDigest[]): GuardedGroup[] {
  const groups = new Map<string, GuardedGroup>();
  for (const one of guarded) {
    const reason = guards.find(([pattern]) => pattern.test(one.because))?.[1] ?? one.because;
    const group = groups.get(reason) ?? { reason, digests: [] };
    groups.set(reason, group);
    group.digests.push(one);
  }
  return [...groups.values()];
}

/** What became of the steps of a plan. */
export interface Ended {
  failed: { step: PlannedStep; reason: string; hint: string | null }[];
  skipped: { step: PlannedStep; reason: string; hint: null }[];
  done: PlannedStep[];
}

export function endedOf({ plan, failed, skipped, done }: Outcome): Ended {
  const at = (place: number) => plan.steps[place];
  return {
    failed: failed.flatMap((one) => {
      const step = at(one.step);
      return step === undefined ? [] : [{ step, reason: one.message, hint: one.hint }];
    }),
    skipped: skipped.flatMap((one) => {
      const step = at(one.step);
      return step === undefined ? [] : [{ step, reason: one.reason, hint: null }];
    }),
    done: done.flatMap((place) => at(place) ?? []),
  };
}
