/** Which plan is shown before it is carried out. One at a time; `PlanDialog` shows it over any page. */
import type { Plan } from "../../../ipc";
import { createStore } from "../../../shared/store";
import type { Change } from "./changes";

export interface AskedPlan extends Change {
  /** "Undo the promotion of 1.4.2 to production". */
  title: string;
  /** On the button: "Undo". */
  verb: string;
  /** Planned already; else it is planned when the dialog opens. */
  plan?: Plan;
  /** The change of the journal that is undone by this. */
  undoes?: string;
}

const store = createStore<AskedPlan | null>(null);

export const useAskedPlan = store.use;

export function askForPlan(asked: AskedPlan): void {
  store.put(asked);
}

export function closePlan(): void {
  store.put(null);
}
