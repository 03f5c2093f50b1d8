/** What changed in the double: repositories as they are since, plans that may be executed, the journal. */
import type { ChangeRequest, JournalEntry, JournalStep, Plan } from "../../bindings";
import type { KeptVersion } from "../data/versions";

/** A repository of a connection. */
export interface At {
  connectionId: string;
  repository: string;
}

export interface KeptPlan {
  plan: Plan;
  request: ChangeRequest;
  /** Where each of its steps writes. */
  at: readonly At[];
}

export interface KeptChange {
  entry: JournalEntry;
  steps: JournalStep[];
  at: readonly At[];
}

export interface Changes {
  /** By connection and repository: its versions, where a change moved something. */
  versions: Map<string, KeptVersion[]>;
  /** Versions that were deleted, by digest: undo brings them back. */
  gone: Map<string, KeptVersion>;
  plans: Map<string, KeptPlan>;
  /** Newest first. */
  journal: KeptChange[];
}

export function placeKey({ connectionId, repository }: At): string {
  return `${connectionId} ${repository}`;
}
