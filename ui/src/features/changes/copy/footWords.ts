/** What starting, cancelling and undoing a copy mean, in words. Pure. */
import type { CopyStage } from "./useCopyPlan";

export function footWords(stage: CopyStage, target: string, tags: readonly string[]): { lines: string[] } {
  const last = tags.at(-1);
  switch (stage.name) {
    case "asking":
      return { lines: ["A copy keeps the digest, and the source stays as it is."] };
    case "planning":
    case "refused":
      return { lines: [] };
    case "ready":
      if (stage.plan.steps.length === 0) return { lines: ["Everything is there already."] };
      return {
        lines: ["Blobs first, then manifests, tags last: wherever it stops, no tag points at anything incomplete.", undoWords(stage, last)],
      };
    case "running": {
      const moved = stage.plan.steps.some((step, place) => step.tags.length > 0 && stage.run.parts.steps.get(place)?.standing === "done");
      const now = moved
        ? "Cancel now and the tags that were put stay; the journal has them."
        : `Cancel now and nothing shows in ${target}: no tag has moved. What was sent stays for a retry until ${target} clears it.`;
      return { lines: [now, undoWords(stage, last)] };
    }
    case "ended":
      if (stage.outcome.state === "done")
        return {
          lines: [`Done: ${target} has it${last === undefined ? "" : `, as ${tags.join(" and ")}`}.`, undoWords(stage, last)],
        };
      return { lines: ["What was sent stays for a retry; what was put stands in the journal and can be undone."] };
  }
}

/** What undo would do with the tag that is put last. */
function undoWords(stage: Extract<CopyStage, { plan: unknown }>, tag: string | undefined): string {
  const step = stage.plan.steps.find((one) => tag !== undefined && one.tags.includes(tag));
  if (step === undefined) return "Undo takes away the manifests that were put.";
  return step.expectedDigest === null
    ? `Undo takes ${tag} away again.`
    : `Undo puts ${tag} back on ${step.expectedDigest.split(":").at(-1)?.slice(0, 8)} while that exists.`;
}
