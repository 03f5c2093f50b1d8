/** Reads the repositories of the connections that are open in the tree, and of all of them while a filter is typed. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ConnectionInfo, RepositoryRow } from "../../ipc";
import { repositoriesQuery } from "../../ipc/queries/repositories";
import { type Branch, connectionRowId } from "./tree";

export function useBranches(
  connections: readonly ConnectionInfo[],
  toggled: Readonly<Record<string, boolean>>,
  filtering: boolean,
): Branch[] {
  const answers = useQueries({
    queries: connections.map((connection) => ({
      ...repositoriesQuery(connection.id),
      enabled: filtering || (toggled[connectionRowId(connection.id)] ?? true),
    })),
    combine: combineData,
  });
  return useMemo(
    () => connections.map((connection, position) => ({ connection, repositories: answers[position] })),
    [connections, answers],
  );
}

function combineData(results: { data: RepositoryRow[] | undefined }[]): (RepositoryRow[] | undefined)[] {
  return results.map((result) => result.data);
}
