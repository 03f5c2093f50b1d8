/** A deletion as a page: the rules of a clean-up or what was chosen by hand, the plan that follows, and how it ends. */
import type { Outcome } from "../../../ipc";
import { undoOutcome } from "../running/changes";
import { askForUndo } from "../running/undo";
import { DeletePlan } from "./DeletePlan";
import type { PlanPlace } from "./PlanBody";
import { PrunePlan } from "./PrunePlan";

interface PlanPageProps extends PlanPlace {
  change: "prune" | "delete";
  /** Back to the versions. */
  onClose: () => void;
  onSettings: () => void;
}

export function PlanPage({ change, onClose, onSettings, ...place }: PlanPageProps) {
  const onUndo = (outcome: Outcome) => {
    void undoOutcome(outcome, askForUndo);
    onClose();
  };
  // A toast tells what was done.
  const shared = { ...place, onClose, onDone: onClose, onUndo };
  return change === "prune" ? <PrunePlan {...shared} onSettings={onSettings} /> : <DeletePlan {...shared} />;
}
