/** The rows of a plan's tree: groups, what is in them, and what is in that where it is open. Pure; 10,000 rows are a matter of milliseconds. */
import type { GoingVersion, KeptTag, Plan, PlannedStep, ProtectedDigest } from "../../../ipc";
import { stepWords } from "../running/words";
import { backupSteps } from "./backup";
import { alongSteps, type Ended, type GuardedGroup, type KeptGroup, type PlanModel, type UnreadGroup } from "./planModel";
import { keptWords } from "./words";

export type GroupName = "goes" | "stays" | "protected" | "unreadable" | "backup" | "failed" | "skipped" | "done" | "backedUp";

interface Placed {
  /** Unique in the tree; also the key under which "open" is kept. */
  key: string;
  level: 1 | 2 | 3;
  /** Place among its siblings, from 1, and how many they are. */
  position: number;
  siblings: number;
  /** Whether it can be opened, and is. */
  open?: boolean;
}

export type PlanRow =
  | (Placed & { type: "group"; group: GroupName; count: number })
  | (Placed & { type: "head" })
  | (Placed & { type: "repository"; repository: string; versions: number })
  | (Placed & { type: "going"; version: GoingVersion; along: PlannedStep[]; isNew: boolean })
  | (Placed & { type: "part"; step: PlannedStep })
  | (Placed & { type: "sum"; label: string; bytes: number; total: boolean })
  | (Placed & { type: "kept"; group: KeptGroup })
  | (Placed & { type: "tag"; tag: KeptTag })
  | (Placed & { type: "guarded"; group: GuardedGroup })
  | (Placed & { type: "digest"; digest: ProtectedDigest })
  | (Placed & { type: "unread"; group: UnreadGroup })
  | (Placed & { type: "unreadPart"; part: UnreadGroup["parts"][number] })
  | (Placed & { type: "step"; step: PlannedStep; group: GroupName; reason: string; hint: string | null });

/** What a person opened (true) or closed (false); all else is as at first. */
export type Toggled = Readonly<Record<string, boolean>>;

/** Groups stand open at first, but for what was done as it should. */
const closedAtFirst: ReadonlySet<GroupName> = new Set(["done", "backup", "backedUp"]);

export function planRows(
  plan: Plan,
  model: PlanModel,
  toggled: Toggled,
  isNew: (version: GoingVersion) => boolean = () => false,
): PlanRow[] {
  const kept = model.kept.map((group, position): PlanRow => {
    const key = `kept ${keptWords(group.reason)}`;
    return { ...placed(key, position, model.kept.length), open: toggled[key] ?? false, type: "kept", group };
  });
  const guarded = model.guarded.map((group, position): PlanRow => {
    const key = `guarded ${group.kind}`;
    return { ...placed(key, position, model.guarded.length), open: toggled[key] ?? false, type: "guarded", group };
  });
  const unread = model.unread.map((group, position): PlanRow => {
    const key = `unread ${group.repository}`;
    const opens = group.parts.length > 1 ? { open: toggled[key] ?? false } : {};
    return { ...placed(key, position, model.unread.length), ...opens, type: "unread", group };
  });
  const going = goingRows(plan, model, toggled, isNew);
  const backup = stepRows(
    "backup",
    backupSteps(plan).map(({ step }) => ({ step, reason: `${stepWords(step)}: ${step.reason}`, hint: null })),
  );
  return numbered([
    ...grouped("backup", backup, backup.length, toggled),
    ...grouped("goes", going, plan.versions.length, toggled, [headRow], sumsOf(plan, model)),
    ...grouped("stays", kept, model.counts.keptVersions, toggled),
    ...grouped("protected", guarded, plan.protected.length, toggled),
    ...grouped("unreadable", unread, plan.unreadable.length, toggled),
  ]);
}

function goingRows(plan: Plan, model: PlanModel, toggled: Toggled, isNew: (version: GoingVersion) => boolean): PlanRow[] {
  const many = model.going.length > 1;
  return model.going.flatMap(({ repository, versions }): PlanRow[] => {
    const rows = versions.map((version, position): PlanRow => {
      const key = `going ${repository} ${version.digest}`;
      const along = alongSteps(plan, version);
      return {
        ...placed(key, position, versions.length),
        ...openable(along.length, toggled, key),
        type: "going",
        version,
        along,
        isNew: isNew(version),
      };
    });
    const name: PlanRow = {
      key: `of ${repository}`,
      level: 2,
      position: 0,
      siblings: 0,
      type: "repository",
      repository,
      versions: versions.length,
    };
    return many ? [name, ...rows] : rows;
  });
}

function sumsOf({ versions, reclaimedBytes }: Plan, { sharedBytes }: PlanModel): PlanRow[] {
  const row = { level: 2, position: 0, siblings: 0, type: "sum" } as const;
  const shared = { ...row, key: "shared", label: `Shared, but only among these ${versions.length}`, bytes: sharedBytes, total: false };
  const freed = { ...row, key: "sum", label: "Freed", bytes: reclaimedBytes, total: true };
  return versions.length > 1 && sharedBytes > 0 ? [shared, freed] : [freed];
}

export function endedRows(ended: Ended, toggled: Toggled): PlanRow[] {
  const told = (step: PlannedStep) => ({ step, reason: step.reason, hint: null });
  const [deleted, backedUp] = [ended.done.filter(isDelete), ended.done.filter((step) => !isDelete(step))];
  return numbered([
    ...grouped("failed", stepRows("failed", ended.failed), ended.failed.length, toggled),
    ...grouped("skipped", stepRows("skipped", ended.skipped), ended.skipped.length, toggled),
    ...grouped("done", stepRows("done", deleted.map(told)), deleted.length, toggled),
    ...grouped("backedUp", stepRows("backedUp", backedUp.map(told)), backedUp.length, toggled),
  ]);
}

function isDelete(step: PlannedStep): boolean {
  return step.action.startsWith("delete-");
}

function stepRows(group: GroupName, steps: readonly { step: PlannedStep; reason: string; hint: string | null }[]): PlanRow[] {
  return steps.map(({ step, reason, hint }, position) => ({
    ...placed(`${group} ${step.reference} ${step.action}`, position, steps.length),
    type: "step",
    step,
    group,
    reason,
    hint,
  }));
}

const headRow: PlanRow = { key: "head", level: 2, position: 0, siblings: 0, type: "head" };

function placed(key: string, position: number, siblings: number): Placed {
  return { key, level: 2, position: position + 1, siblings };
}

function openable(count: number, toggled: Toggled, key: string): { open?: boolean } {
  return count === 0 ? {} : { open: toggled[key] ?? false };
}

/** A group with its rows; none where it is empty. */
function grouped(
  group: GroupName,
  rows: readonly PlanRow[],
  count: number,
  toggled: Toggled,
  before: readonly PlanRow[] = [],
  after: readonly PlanRow[] = [],
): PlanRow[] {
  if (rows.length === 0) return [];
  const open = toggled[group] ?? !closedAtFirst.has(group);
  const head: PlanRow = { key: group, level: 1, position: 0, siblings: 0, open, type: "group", group, count };
  return open ? [head, ...before, ...rows.flatMap((row) => [row, ...insideOf(row)]), ...after] : [head];
}

function insideOf(row: PlanRow): PlanRow[] {
  if (!row.open) return [];
  const inside = (position: number, siblings: number): Placed => ({
    key: `${row.key} ${position}`,
    level: 3,
    position: position + 1,
    siblings,
  });
  switch (row.type) {
    case "going":
      return row.along.map((step, position) => ({ ...inside(position, row.along.length), type: "part", step }));
    case "unread":
      return row.group.parts.map((part, position) => ({ ...inside(position, row.group.parts.length), type: "unreadPart", part }));
    case "kept":
      return row.group.tags.map((tag, position) => ({ ...inside(position, row.group.tags.length), type: "tag", tag }));
    case "guarded":
      return row.group.digests.map((digest, position) => ({ ...inside(position, row.group.digests.length), type: "digest", digest }));
    default:
      return [];
  }
}

/** Groups know their places only when it is clear which of them stand. */
function numbered(rows: PlanRow[]): PlanRow[] {
  const groups = rows.filter((row) => row.level === 1);
  for (const [position, row] of groups.entries()) {
    row.position = position + 1;
    row.siblings = groups.length;
  }
  return rows;
}

const heights: Partial<Record<PlanRow["type"], number>> = { group: 36, head: 24, repository: 26 };
const rowHeight = 22;

export function heightOf(row: PlanRow | undefined): number {
  return row === undefined ? rowHeight : (heights[row.type] ?? rowHeight);
}

/** Rows that the cursor passes by. */
export function isPassed(row: PlanRow | undefined): boolean {
  return row === undefined || row.type === "head" || row.type === "sum" || row.type === "repository";
}

/** The row that a row stands in. */
export function parentOf(rows: readonly PlanRow[], index: number): number {
  const level = rows[index]?.level ?? 1;
  for (let above = index - 1; above >= 0; above -= 1) if ((rows[above]?.level ?? 0) < level) return above;
  return index;
}
