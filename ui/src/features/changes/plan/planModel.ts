/** A plan as people read it: versions that go, what stays under its first reason, what is protected, what was not read. Pure. */
import type { GoingVersion, KeepReason, KeptTag, Outcome, Plan, PlannedStep, ProtectedDigest, ProtectionReason } from "../../../ipc";
import { deletionOf } from "../running/words";
import { keptWords } from "./words";

/** Versions that go of one repository. */
export interface GoingGroup {
  /** `CONNECTION/REPOSITORY`. */
  repository: string;
  versions: GoingVersion[];
}

/** Tags that stay for one reason. A version stands under its first reason with all its tags. */
export interface KeptGroup {
  reason: KeepReason;
  tags: KeptTag[];
  versions: number;
}

export interface GuardedGroup {
  kind: ProtectionReason["kind"];
  digests: ProtectedDigest[];
}

/** A repository that could not be read, or not in full. */
export interface UnreadGroup {
  repository: string;
  parts: { reference: string; problem: string }[];
  /** Tags that stay because of that. */
  tags: number;
}

export interface Counts {
  versions: number;
  /** Of versions; signature tags and the like are not among them. */
  versionTags: number;
  /** All tags that go. */
  tags: number;
  digests: number;
  keptVersions: number;
  keptTags: number;
}

export interface PlanModel {
  /** One group where the plan is of one repository. */
  going: GoingGroup[];
  kept: KeptGroup[];
  guarded: GuardedGroup[];
  unread: UnreadGroup[];
  counts: Counts;
  /** Freed, but held by several of the versions that go. */
  sharedBytes: number;
}

export function planModel(plan: Plan): PlanModel {
  const whole = plan.versions.filter((one) => one.whole);
  const alone = plan.versions.reduce((sum, version) => sum + version.onlyHereBytes, 0);
  // What stays because its repository was not read stands there.
  const kept = plan.kept.filter((one) => one.why.kind !== "unreadable");
  return {
    going: goingGroups(plan.versions),
    kept: keptGroups(kept),
    guarded: guardedGroups(plan.protected),
    unread: unreadGroups(plan),
    counts: {
      versions: whole.length,
      versionTags: plan.deletedTags,
      ...deletionOf(plan.steps),
      keptVersions: new Set(kept.map(versionOf)).size,
      keptTags: kept.length,
    },
    sharedBytes: Math.max(0, plan.reclaimedBytes - alone),
  };
}

/** All of one kind by a key, in the order in which they come. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function goingGroups(versions: readonly GoingVersion[]): GoingGroup[] {
  const groups = grouped(versions, (version) => version.repository);
  return [...groups].map(([repository, those]) => ({ repository, versions: those }));
}

const versionOf = ({ repository, digest }: KeptTag) => `${repository}@${digest}`;

function keptGroups(kept: readonly KeptTag[]): KeptGroup[] {
  const reasons = new Map<string, KeepReason>();
  for (const one of kept) {
    const version = versionOf(one);
    // What protects goes before every rule.
    if (one.why.kind === "protected" || (one.why.kind !== "sameVersion" && !reasons.has(version))) reasons.set(version, one.why);
  }
  const reasonOf = (one: KeptTag): KeepReason => reasons.get(versionOf(one)) ?? { kind: "sameVersion", tag: "" };
  const groups = grouped(kept, (one) => keptWords(reasonOf(one)));
  const all = [...groups.values()].map((tags) => ({
    reason: reasonOf(tags[0] as KeptTag),
    tags,
    versions: new Set(tags.map(versionOf)).size,
  }));
  // What protects comes first; all else in the order of the plan.
  return all.sort((left, right) => Number(right.reason.kind === "protected") - Number(left.reason.kind === "protected"));
}

function guardedGroups(guarded: readonly ProtectedDigest[]): GuardedGroup[] {
  const groups = grouped(guarded, (one) => one.why.kind);
  return [...groups.values()].map((digests) => ({ kind: (digests[0] as ProtectedDigest).why.kind, digests }));
}

function unreadGroups({ unreadable, kept }: Plan): UnreadGroup[] {
  const stopped = grouped(
    kept.filter((one) => one.why.kind === "unreadable"),
    (one) => one.repository,
  );
  const groups = grouped(unreadable, (part) => part.repository);
  return [...groups].map(([repository, parts]) => ({ repository, parts, tags: stopped.get(repository)?.length ?? 0 }));
}

/** The steps of a version that are not its own: what goes along. */
export function alongSteps(plan: Pick<Plan, "steps">, version: GoingVersion): PlannedStep[] {
  return version.steps.flatMap((place) => plan.steps[place] ?? []).filter((step) => step.digest !== version.digest);
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
