/** What holds of undoing, finishing and rolling back, and until when. Pure. */
import type { JournalDetail, Plan } from "../../../ipc";
import { counted, formatClock, formatDay } from "../../../shared/format";
import { stepWords } from "../running/words";
import type { Possibility } from "./possible";

export interface Said {
  /** What holds, and until when. */
  lead: string;
  text: string;
}

interface Known {
  detail: JournalDetail;
  what: Possibility;
  plan: Plan;
  /** The connection's name. */
  registry: string;
  now: number;
}

export function saidOf({ detail, what, plan, registry, now }: Known): Said {
  if (what === "finish" && plan.overtaken.length > 0) {
    const [first = "", ...others] = plan.overtaken;
    const names =
      others.length === 0 ? `${first} is another version` : `${first} and ${counted(others.length, "other tag")} are other versions`;
    return { lead: "Not as planned:", text: `${names} now. A new plan would judge ${others.length === 0 ? "it" : "them"} again.` };
  }
  if (what === "finish") return { lead: "Now:", text: [sentenceOf(plan), ...plan.warnings].join(" ") };
  const { lead, why } = until(detail, registry, now);
  return { lead, text: [why, sentenceOf(plan), ...plan.warnings].filter((part) => part !== "").join(" ") };
}

/** How long an undo holds; no registry tells when it collects its garbage. */
function until({ entry, undo }: JournalDetail, registry: string, now: number): { lead: string; why: string } {
  const [first] = entry.tags;
  if (undo === null)
    return { lead: first === undefined ? "Now:" : `Until somebody moves ${entry.planned.tags > 1 ? "one of its tags" : first}:`, why: "" };
  switch (undo.kind) {
    case "backup":
      return { lead: "For as long as the backup is kept:", why: `it is in ${entry.backups.join(", ")}.` };
    case "kept": {
      const day = `${formatDay(undo.until)}, ${formatClock(undo.until)}`;
      return Date.parse(undo.until) > now
        ? { lead: `Until ${day}.`, why: `${registry} keeps deleted versions for ${undo.days} days.` }
        : { lead: "Now, but not promised:", why: `${registry} keeps deleted versions for ${undo.days} days, which ended on ${day}.` };
    }
    case "onDisk":
      return { lead: "For as long as it is not written anew:", why: `nothing is collected in ${registry}.` };
    case "untilCollected":
      return { lead: "Now, until the registry collects its garbage:", why: "" };
    case "nothing":
      return { lead: "Now, but not promised:", why: `${registry} may let go of what was deleted at any time.` };
  }
}

/** More than two steps are counted: what comes back, and from where. */
function sentenceOf({ steps }: Plan): string {
  const puts = steps.filter((step) => step.action === "put-manifest");
  const blobs = steps.filter((step) => step.action === "copy-blob").length;
  const manifests = puts.filter((step) => step.tags.length === 0).length;
  if (steps.length > 2 && puts.length + blobs === steps.length && manifests > 0) {
    const tags = puts.length - manifests;
    const fromBackup = blobs > 0 ? `, and ${counted(blobs, "blob")} from the backup` : "";
    return `${counted(manifests, "manifest")} ${tags > 0 ? `and ${counted(tags, "tag")} ` : ""}can come back${fromBackup}.`;
  }
  const [first, second] = steps;
  if (first === undefined) return "There is nothing left to do.";
  if (second === undefined) return `${stepWords(first)}.`;
  return steps.length === 2
    ? `${stepWords(first)}; ${stepWords(second)}.`
    : `${counted(steps.length, "step")}, the first: ${stepWords(first)}.`;
}
