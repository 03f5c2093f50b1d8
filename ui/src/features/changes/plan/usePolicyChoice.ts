/** Which saved policy the rules on the page are, and what the plan is of by that. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ConnectionInfo, CoveredRepository, RepositoryPlace, SavedPolicy } from "../../../ipc";
import { versionsPageQuery } from "../../../ipc/queries/versions";
import { initialView, queryOf } from "../../versions/viewState";
import { commandOf, draftOf, type RulesDraft, rulesOf, sameRules, savedCommand, selectsSomething } from "./rules";

interface Options {
  all: readonly SavedPolicy[];
  connection: ConnectionInfo;
  repository: string;
  draft: RulesDraft;
  change: (change: (before: RulesDraft) => RulesDraft) => void;
}

export function usePolicyChoice({ all, connection, repository, draft, change }: Options) {
  const tags = useQuery(versionsPageQuery(queryOf(connection.id, repository, initialView), 0)).data?.tags ?? 0;
  const fits = (policy: SavedPolicy) => policy.covers.some((one) => one.connectionId === connection.id && one.repository === repository);
  const usable = all.filter((policy) => policy.rules !== null);
  const chosen = usable.find((policy) => policy.name === draft.policy) ?? null;
  const rules = rulesOf(draft);
  const changed = chosen !== null && chosen.rules !== null && !sameRules(rulesOf(draftOf(chosen.rules)), rules);
  const here = useMemo(
    (): CoveredRepository[] => [{ connectionId: connection.id, connection: connection.name, repository, tags }],
    [connection.id, connection.name, repository, tags],
  );
  const repositories = chosen?.covers ?? here;
  // Counts of tags change, what the plan is of does not.
  const key = JSON.stringify(repositories.map((one): RepositoryPlace => ({ connectionId: one.connectionId, repository: one.repository })));
  const places = useMemo(() => JSON.parse(key) as RepositoryPlace[], [key]);
  const names = repositories.map((one) => `${one.connection}/${one.repository}`);
  const command = !selectsSomething(rules) ? null : chosen !== null && !changed ? savedCommand(chosen.name) : commandOf(names, rules);
  return {
    chosen,
    changed,
    fitting: usable.filter((policy) => fits(policy) || policy === chosen),
    repositories,
    places,
    command,
    /** With its rules, unless those on the page stay. */
    choose: (policy: SavedPolicy | null, keepRules = false) =>
      change((before) => {
        const rules = policy?.rules && !keepRules ? draftOf(policy.rules) : before;
        return { ...rules, policy: policy?.name ?? null };
      }),
  };
}
