/** The rules of a repository as they were left, kept by the window. */
import type { RepositoryPlace, SavedPolicy } from "../../../ipc";
import { usePersisted, writePersisted } from "../../../shared/persisted";
import { draftOf, firstRules, parseRules, type RulesDraft } from "./rules";

function keyOf(connectionId: string, repository: string): string {
  return `berth.prune ${connectionId} ${repository}`;
}

export function useKeptRules(connectionId: string, repository: string) {
  return usePersisted<RulesDraft>(keyOf(connectionId, repository), firstRules, parseRules);
}

/** The page of this repository opens with this policy. */
export function keepPolicy({ connectionId, repository }: RepositoryPlace, { name, rules }: SavedPolicy): void {
  if (rules !== null) writePersisted(keyOf(connectionId, repository), { ...draftOf(rules), policy: name });
}
