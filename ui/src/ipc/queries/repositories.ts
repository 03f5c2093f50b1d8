/** Query keys of the repositories of a connection. */
import { queryOptions } from "@tanstack/react-query";
import type { RepositoryRow } from "..";
import * as ipc from "..";
import { indexRoot } from "./keys";

export const repositoryKeys = {
  of: (connectionId: string) => [...indexRoot, "repositories", connectionId] as const,
};

/** Rows per answer; the program never sends more. */
const pageSize = 1000;
/** More repositories than this in one connection are not listed in the sidebar; the palette finds them. */
export const repositoriesShown = 100_000;

/** All repositories of a connection, read page by page from the index. */
export const repositoriesQuery = (connectionId: string) =>
  queryOptions({
    queryKey: repositoryKeys.of(connectionId),
    queryFn: async ({ signal }): Promise<RepositoryRow[]> => {
      const rows: RepositoryRow[] = [];
      for (;;) {
        const page = await ipc.repositories(connectionId, rows.length, pageSize);
        rows.push(...page.items);
        if (signal.aborted || page.items.length === 0 || rows.length >= Math.min(page.total, repositoriesShown)) return rows;
      }
    },
  });
