/** What the foot of a plan says and offers at each stage. Pure. */
import type { Along, Outcome, Plan } from "../../../ipc";
import { counted, formatCount, paceWords } from "../../../shared/format";
import type { RunningChange } from "../running/changes";
import { capital, deletes, deletionOf, goneWords } from "../running/words";
import { backingUp } from "./backup";
import type { Stage } from "./usePlanStage";

export type FootAction = "check" | "execute" | "drop" | "stop" | "close";

export interface Foot {
  words: string[];
  progress: { done: number; total: number | null; label: string } | null;
  cancel: { label: string; does: FootAction; off: boolean };
  main: { label: string; does: FootAction; deletes: boolean; off: boolean } | null;
}

interface Known {
  stage: Stage;
  typed: string;
  /** The connection's name. */
  connection: string;
  /** Rules are checked when somebody asks for it; a choice by hand is at once. */
  byRules: boolean;
  /** What is shown is what would be checked. */
  canCheck: boolean;
  /** What goes is copied into a folder first. */
  backsUp: boolean;
  /** Writes sizes. */
  bytes: (size: number) => string;
}

const journaled = "The journal has every manifest and tag before the first step. Undo first checks that every blob is still there.";
const fromBackup = "The journal has every manifest and tag; undo takes from the backup what the registry has lost by then.";

export function footOf({ stage, typed, connection, byRules, canCheck, backsUp, bytes }: Known): Foot {
  const close = { label: "Cancel", does: "close", off: false } as const;
  switch (stage.name) {
    case "looking":
      return {
        words: stage.plan === null ? [] : [undoWords(stage.plan, backsUp), backsUp ? fromBackup : journaled],
        progress: null,
        cancel: close,
        main: byRules
          ? {
              label: "Check and delete…",
              does: "check",
              deletes: false,
              off: !canCheck || stage.plan === null || stage.plan.steps.length === 0,
            }
          : null,
      };
    case "checking": {
      const { step } = stage.check;
      const far = step === null ? "" : `, ${formatCount(step.done)}${step.total === null ? "" : ` of ${formatCount(step.total)}`}`;
      return {
        words: [`Checking against ${connection}: ${step?.what ?? "connecting"}${far}`, "Nothing is deleted yet."],
        progress: { done: step?.done ?? 0, total: step?.total ?? null, label: "Checking" },
        cancel: byRules ? { label: "Cancel", does: "drop", off: false } : close,
        main: null,
      };
    }
    case "checked":
      return {
        words: [undoWords(stage.plan), stage.plan.backups.length > 0 ? fromBackup : journaled],
        progress: null,
        cancel: byRules ? { label: "Cancel", does: "drop", off: false } : close,
        main: confirmOf(stage.plan, typed),
      };
    case "running":
      return runningFoot(stage.run, stage.plan, bytes);
    case "ended":
      return {
        words: [endWords(stage.outcome), "The journal keeps this change and what became of each step."],
        progress: null,
        cancel: { label: "Close", does: "close", off: false },
        main: { label: "Plan again", does: "drop", deletes: false, off: false },
      };
  }
}

/** Names what goes; null: nothing does. */
function confirmOf({ steps, backups, typedName }: Plan, typed: string): Foot["main"] {
  if (steps.length === 0) return null;
  const verb = backups.length > 0 ? "Back up, then delete" : "Delete";
  const off = typedName !== null && typed.trim() !== typedName;
  return { label: `${verb} ${goneWords(deletionOf(steps))}`, does: "execute", deletes: true, off };
}

function runningFoot({ progress, parts, waiting, stopping }: RunningChange, plan: Plan, bytes: Known["bytes"]): Foot {
  const backup = backingUp(plan, parts);
  const cancel = { label: stopping ? "Stopping…" : "Cancel", does: "stop", off: stopping } as const;
  const waits = waiting === null ? "" : `; ${waiting.host} asks to wait`;
  if (backup !== null) {
    const { done, total, pace } = backup.sent ?? { done: 0, total: null, pace: null };
    const far = total === null ? "" : `, ${bytes(done)} of ${bytes(total)}`;
    const left = pace === null ? "" : `, ${paceWords(pace, bytes)}`;
    return {
      words: [
        stopping ? `Stopping after what has begun${far}` : `Backing up first${far}${left}${waits}`,
        "Nothing is deleted yet. Cancel leaves what is in the backup by then where it is.",
      ],
      progress: { done, total, label: "Backing up" },
      cancel,
      main: null,
    };
  }
  const steps = plan.steps.length;
  // Of a backup the last that was told may have been its bytes.
  const ended = [...parts.steps.values()].filter((part) => part.standing !== "sent").length;
  const { done, total } = progress === null || progress.bytes ? { done: ended, total: steps } : progress;
  const far = `${formatCount(done)} of ${counted(total, "step")}`;
  return {
    words: [
      stopping ? `Stopping after what has begun, ${far}` : `Deleting, ${far}${waits}`,
      "Cancel starts no further step: what is deleted by then stays deleted and stands in the journal; the rest stays.",
    ],
    progress: { done, total, label: "Deleting" },
    cancel,
    main: null,
  };
}

function endWords({ done, plan }: Outcome): string {
  const nothing = !deletes(done.flatMap((place) => plan.steps[place] ?? []));
  return nothing ? "Nothing was deleted." : `${formatCount(done.length)} of ${counted(plan.steps.length, "step")} done.`;
}

/** The one repository of the page need not be named. */
const aboutRepository = /^\S+: /;
/** For the line at the foot of the window: what the numbers are made of. */
export function planNotes(plan: Plan): string[] {
  const { tags, digests } = deletionOf(plan.steps);
  const others = tags - plan.deletedTags;
  const made =
    others > 0 ? `${counted(tags, "tag")}: ${formatCount(plan.deletedTags)} and ${counted(others, "signature tag")}` : counted(tags, "tag");
  if (tags + digests === 0) return [];
  const of = partsOf(plan);
  return [
    made,
    of === "" ? counted(digests, "digest") : `${counted(digests, "digest")}: ${of}`,
    "Sizes: compressed, all platforms, each blob once",
  ];
}

/** `9 versions, 12 platforms, 12 SBOMs, 2 signatures`. */
function partsOf({ versions }: Plan): string {
  const whole = versions.filter((version) => version.whole);
  const sum = (name: keyof Along) => whole.reduce((all, version) => all + version.along[name], 0);
  const parts: [number, string][] = [
    [whole.length, "version"],
    [sum("platforms"), "platform"],
    [sum("sboms"), "SBOM"],
    [sum("attestations"), "attestation"],
    [sum("signatures"), "signature"],
    [sum("others"), "other referrer"],
  ];
  return parts.flatMap(([count, word]) => (count > 0 ? counted(count, word) : [])).join(", ");
}

const aboutUndo = /\bundone\b/;

/** What the plan says of undoing. `backsUp`: it will have a backup, which a look from the index does not know. */
export function undoWords({ warnings, steps }: Plan, backsUp = false): string {
  if (backsUp && steps.length > 0) return "Can be undone for as long as the backup is kept.";
  const said = warnings.filter((warning) => aboutUndo.test(warning));
  if (said.length > 0) return said.map((warning) => asSentence(capital(warning.replace(aboutRepository, "")))).join(" ");
  return steps.length === 0 ? "Nothing goes, so there is nothing to undo." : "Can be undone as long as the registry keeps the blobs.";
}

/** What it says besides. */
export function otherWarnings({ warnings }: Plan): string[] {
  return warnings.filter((warning) => !aboutUndo.test(warning)).map(asSentence);
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
