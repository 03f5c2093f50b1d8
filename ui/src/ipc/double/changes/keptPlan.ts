/** A plan that may be executed, with what it needs for that. */
import type { ChangeRequest, Plan } from "../../bindings";
import type { KeptVersion } from "../data/versions";

export interface KeptPlan {
  plan: Plan;
  request: ChangeRequest;
  key: string;
  /** The repository when all steps are done. */
  after: KeptVersion[];
}
