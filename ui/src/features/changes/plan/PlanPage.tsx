/** A deletion as a page: the rules of a clean-up or what was chosen by hand, the plan that follows, and how it ends. */
import { useQueryClient } from "@tanstack/react-query";
import type { Outcome } from "../../../ipc";
import { useFormat } from "../../../shared/format";
import { useKeyName } from "../../../shared/keys";
import { DeletePlan } from "./DeletePlan";
import type { PlanPlace } from "./PlanBody";
import { PrunePlan } from "./PrunePlan";
import { deletionOf } from "./planModel";
import { offerUndo, undo } from "./undo";
import { deletionWords } from "./words";

interface PlanPageProps extends PlanPlace {
  change: "prune" | "delete";
  /** Back to the versions. */
  onClose: () => void;
  onSettings: () => void;
}

export function PlanPage({ change, onClose, onSettings, ...place }: PlanPageProps) {
  const client = useQueryClient();
  const { bytes } = useFormat();
  const undoKey = useKeyName("undo");
  const doneWords = ({ plan, done }: Outcome) => {
    const words = deletionWords(deletionOf(plan.steps.filter((_, position) => done.includes(position))));
    const all = done.length === plan.steps.length && plan.reclaimedBytes > 0;
    return `Deleted ${words}${all ? `, ${bytes(plan.reclaimedBytes)} freed` : ""}`;
  };
  const onDone = (outcome: Outcome) => {
    if (outcome.journalId !== null) offerUndo({ journalId: outcome.journalId, done: doneWords(outcome) }, client, undoKey);
    onClose();
  };
  const onUndo = (outcome: Outcome) => {
    if (outcome.journalId !== null) void undo({ journalId: outcome.journalId, done: doneWords(outcome) }, client);
    onClose();
  };
  const shared = { ...place, onClose, onDone, onUndo };
  return change === "prune" ? <PrunePlan {...shared} onSettings={onSettings} /> : <DeletePlan {...shared} />;
}
