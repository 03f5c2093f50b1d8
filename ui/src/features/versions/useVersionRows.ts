/** The rows of a repository: the first page with counts and sums, and any other row that has been read. */
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { Problem, VersionRow, VersionsPage, VersionsQuery } from "../../ipc";
import { toProblem } from "../../ipc";
import { versionsPageQuery, versionsPageSize } from "../../ipc/queries/versions";

export interface VersionRows {
  /** The first page, which also tells counts and sums; undefined until the first answer. */
  summary: VersionsPage | undefined;
  /** What the rows answer; the query before, while the first page of the new one is read. */
  query: VersionsQuery;
  /** Still the rows of the query before: the new ones are not there yet. */
  stale: boolean;
  problem: Problem | null;
  /** The repository is known by its name only. That is no problem: it is read when it is opened. */
  neverRead: boolean;
  /** The row at a place, if its page was read. Does not draw anything again when it is read later: see `useVisibleRows`. */
  rowAt: (index: number) => VersionRow | undefined;
  /** Reads the rows from one place to another, wherever they are. */
  rowsBetween: (from: number, to: number) => Promise<VersionRow[]>;
  /** Asks again after a failure. */
  retry: () => void;
}

export function useVersionRows(query: VersionsQuery): VersionRows {
  const client = useQueryClient();
  const first = useQuery({ ...versionsPageQuery(query, 0), placeholderData: keepPreviousData });
  // The rows of the query before stay until the first page of the new one is there.
  const [settled, setSettled] = useState(query);
  if (first.data !== undefined && !first.isPlaceholderData && settled !== query) setSettled(query);
  const { data, isPlaceholderData, error, refetch } = first;
  const rowAt = useCallback(
    (index: number) => (index < versionsPageSize ? data?.rows[index] : cachedRow(client, settled, index)),
    [client, settled, data],
  );
  const rowsBetween = useCallback((from: number, to: number) => readBetween(client, settled, from, to), [client, settled]);
  const failure = useMemo(() => (error === null ? null : toProblem(error)), [error]);
  return useMemo(
    () => ({
      summary: data,
      query: settled,
      stale: isPlaceholderData,
      problem: failure?.code === "neverSynced" ? null : failure,
      neverRead: failure?.code === "neverSynced",
      rowAt,
      rowsBetween,
      retry: () => void refetch(),
    }),
    [data, settled, isPlaceholderData, failure, rowAt, rowsBetween, refetch],
  );
}

function cachedRow(client: QueryClient, query: VersionsQuery, index: number): VersionRow | undefined {
  const { queryKey } = versionsPageQuery(query, Math.floor(index / versionsPageSize));
  return client.getQueryData(queryKey)?.rows[index % versionsPageSize];
}

async function readBetween(client: QueryClient, query: VersionsQuery, from: number, to: number): Promise<VersionRow[]> {
  const rows: VersionRow[] = [];
  for (let page = Math.floor(from / versionsPageSize); page <= Math.floor(to / versionsPageSize); page += 1) {
    const answer = await client.ensureQueryData(versionsPageQuery(query, page));
    const start = page * versionsPageSize;
    rows.push(...answer.rows.slice(Math.max(0, from - start), Math.max(0, to - start + 1)));
  }
  return rows;
}
