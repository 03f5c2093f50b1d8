/** What the foot of a plan says and offers at each stage. Pure. */
import type { Along, Plan } from "../../../ipc";
import { counted, formatCount } from "../../../shared/format";
import type { RunningChange } from "../running/changes";
import { capital, deletionOf, goneWords } from "../running/words";
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
}

const journaled = "The journal has every manifest and tag before the first step. Undo first checks that every blob is still there.";

export function footOf({ stage, typed, connection, byRules, canCheck }: Known): Foot {
  const close = { label: "Cancel", does: "close", off: false } as const;
  switch (stage.name) {
    case "looking":
      return {
        words: stage.plan === null ? [] : [undoWords(stage.plan), journaled],
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
        words: [undoWords(stage.plan), journaled],
        progress: null,
        cancel: byRules ? { label: "Cancel", does: "drop", off: false } : close,
        main:
          stage.plan.steps.length === 0
            ? null
            : {
                label: `Delete ${goneWords(deletionOf(stage.plan.steps))}`,
                does: "execute",
                deletes: true,
                off: stage.plan.typedName !== null && typed.trim() !== stage.plan.typedName,
              },
      };
    case "running":
      return runningFoot(stage.run, stage.plan.steps.length);
    case "ended":
      return {
        words: [
          endWords(stage.outcome.done.length, stage.plan.steps.length),
          "The journal keeps this change and what became of each step.",
        ],
        progress: null,
        cancel: { label: "Close", does: "close", off: false },
        main: { label: "Plan again", does: "drop", deletes: false, off: false },
      };
  }
}

function runningFoot({ progress, waiting, stopping }: RunningChange, steps: number): Foot {
  const { done, total } = progress ?? { done: 0, total: steps };
  const far = `${formatCount(done)} of ${counted(total, "step")}`;
  const waits = waiting === null ? "" : `; ${waiting.host} asks to wait`;
  return {
    words: [
      stopping ? `Stopping after what has begun, ${far}` : `Deleting, ${far}${waits}`,
      "Cancel starts no further step: what is deleted by then stays deleted and stands in the journal; the rest stays.",
    ],
    progress: { done, total, label: "Deleting" },
    cancel: { label: stopping ? "Stopping…" : "Cancel", does: "stop", off: stopping },
    main: null,
  };
}

function endWords(done: number, total: number): string {
  return done === 0 ? "Nothing was deleted." : `${formatCount(done)} of ${counted(total, "step")} done.`;
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

/** What the plan says of undoing. */
export function undoWords({ warnings, steps }: Plan): string {
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
