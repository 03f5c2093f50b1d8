/** The rows of a plan's tree: groups, what is in them, and what is in that where it is open. Pure; 10,000 rows are a matter of milliseconds. */
import type { KeptTag, PlannedStep, ProtectedDigest, UnreadablePart } from "../../../ipc";
import type { Ended, Going, GoingPart, GuardedGroup, KeptGroup, PlanModel } from "./planModel";

export type GroupName = "goes" | "stays" | "protected" | "unreadable" | "failed" | "skipped" | "done";

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
  | (Placed & { type: "going"; going: Going; isNew: boolean })
  | (Placed & { type: "part"; part: GoingPart })
  | (Placed & { type: "sum"; bytes: number })
  | (Placed & { type: "kept"; group: KeptGroup })
  | (Placed & { type: "tag"; tag: KeptTag })
  | (Placed & { type: "guarded"; group: GuardedGroup })
  | (Placed & { type: "digest"; digest: ProtectedDigest })
  | (Placed & { type: "unread"; part: UnreadablePart })
  | (Placed & { type: "step"; step: PlannedStep; group: GroupName; reason: string; hint: string | null });

/** What a person opened (true) or closed (false); all else is as at first. */
export type Toggled = Readonly<Record<string, boolean>>;

/** Groups stand open at first, but for what was done as it should. */
const closedAtFirst: ReadonlySet<GroupName> = new Set(["done"]);

export function planRows(
  model: PlanModel,
  unreadable: readonly UnreadablePart[],
  reclaimed: number,
  toggled: Toggled,
  isNew: (going: Going) => boolean = () => false,
): PlanRow[] {
  const goes = model.going.map((going, position): PlanRow => {
    const key = `going ${going.digest} ${going.tagsOnly}`;
    return {
      ...placed(key, position, model.going.length),
      ...openable(going.parts.length, toggled, key),
      type: "going",
      going,
      isNew: isNew(going),
    };
  });
  const kept = model.kept.map((group, position): PlanRow => {
    const key = `kept ${group.reason}`;
    return { ...placed(key, position, model.kept.length), open: toggled[key] ?? false, type: "kept", group };
  });
  const guarded = model.guarded.map((group, position): PlanRow => {
    const key = `guarded ${group.reason}`;
    return { ...placed(key, position, model.guarded.length), open: toggled[key] ?? false, type: "guarded", group };
  });
  const unread = unreadable.map(
    (part, position): PlanRow => ({ ...placed(`unread ${part.reference}`, position, unreadable.length), type: "unread", part }),
  );
  const guardedCount = model.guarded.reduce((sum, group) => sum + group.digests.length, 0);
  const sum: PlanRow = { key: "sum", level: 2, position: 0, siblings: 0, type: "sum", bytes: reclaimed };
  return numbered([
    ...grouped("unreadable", unread, unreadable.length, toggled),
    ...grouped("goes", goes, model.counts.versions, toggled, [headRow], [sum]),
    ...grouped("stays", kept, model.counts.keptVersions, toggled),
    ...grouped("protected", guarded, guardedCount, toggled),
  ]);
}

export function endedRows(ended: Ended, toggled: Toggled): PlanRow[] {
  const rows = (group: GroupName, steps: readonly { step: PlannedStep; reason: string; hint: string | null }[]) =>
    steps.map(
      ({ step, reason, hint }, position): PlanRow => ({
        ...placed(`${group} ${step.reference} ${step.action}`, position, steps.length),
        type: "step",
        step,
        group,
        reason,
        hint,
      }),
    );
  const done = ended.done.map((step) => ({ step, reason: step.reason, hint: null }));
  return numbered([
    ...grouped("failed", rows("failed", ended.failed), ended.failed.length, toggled),
    ...grouped("skipped", rows("skipped", ended.skipped), ended.skipped.length, toggled),
    ...grouped("done", rows("done", done), ended.done.length, toggled),
  ]);
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
      return row.going.parts.map((part, position) => ({ ...inside(position, row.going.parts.length), type: "part", part }));
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

const heights: Partial<Record<PlanRow["type"], number>> = { group: 36, head: 24 };
const rowHeight = 22;

export function heightOf(row: PlanRow | undefined): number {
  return row === undefined ? rowHeight : (heights[row.type] ?? rowHeight);
}

/** Rows that the cursor passes by. */
export function isPassed(row: PlanRow | undefined): boolean {
  return row === undefined || row.type === "head" || row.type === "sum";
}

/** The row that a row stands in. */
export function parentOf(rows: readonly PlanRow[], index: number): number {
  const level = rows[index]?.level ?? 1;
  for (let above = index - 1; above >= 0; above -= 1) if ((rows[above]?.level ?? 0) < level) return above;
  return index;
}
