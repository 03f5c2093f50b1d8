/** The rows of a repository, read in pages as they come into view. What is kept in memory has a bound. */
import { keepPreviousData, type QueryClient, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Problem, VersionRow, VersionsPage, VersionsQuery } from "../../ipc";
import { toProblem } from "../../ipc";
import { versionKeys, versionsPageQuery, versionsPageSize } from "../../ipc/queries/versions";

/** Pages kept that no row on screen needs. */
const sparePages = 24;
/** While somebody scrolls fast, only places where he stays this long are read. */
const settleMilliseconds = 50;

export interface VersionRows {
  /** The first page, which also tells counts and sums; undefined until the first answer. */
  summary: VersionsPage | undefined;
  /** Still the rows of the query before: the new ones are not there yet. */
  stale: boolean;
  problem: Problem | null;
  /** The row at a place; undefined while its page is read. */
  rowAt: (index: number) => VersionRow | undefined;
  /** Reads the rows from one place to another, wherever they are. */
  rowsBetween: (from: number, to: number) => Promise<VersionRow[]>;
  /** Tells which rows are in view. */
  look: (from: number, to: number) => void;
}

export function useVersionRows(query: VersionsQuery, enabled: boolean): VersionRows {
  const client = useQueryClient();
  const first = useQuery({ ...versionsPageQuery(query, 0), placeholderData: keepPreviousData, enabled });
  // The rows of the query before stay until the first page of the new one is there.
  const [settled, setSettled] = useState(query);
  if (first.data !== undefined && !first.isPlaceholderData && settled !== query) setSettled(query);
  const [range, setRange] = useState({ from: 0, to: 0 });
  const pages = useSettled(pagesOf(range.from, range.to));
  const rest = useQueries({
    queries: pages.map((page) => versionsPageQuery(settled, page)),
    combine: pageRows,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: pages fall out of use when others come into view
  useEffect(() => trimPages(client), [client, pages]);
  const byPage = useMemo(() => {
    const rows = new Map<number, VersionRow[]>();
    if (first.data) rows.set(0, first.data.rows);
    for (const [position, page] of pages.entries()) {
      const answer = rest[position];
      if (answer) rows.set(page, answer);
    }
    return rows;
  }, [first.data, pages, rest]);
  const rowAt = useCallback((index: number) => byPage.get(Math.floor(index / versionsPageSize))?.[index % versionsPageSize], [byPage]);
  const rowsBetween = useCallback((from: number, to: number) => readBetween(client, settled, from, to), [client, settled]);
  const look = useCallback(
    (from: number, to: number) => setRange((before) => (before.from === from && before.to === to ? before : { from, to })),
    [],
  );
  const problem = first.error === null ? null : toProblem(first.error);
  return { summary: first.data, stale: first.isPlaceholderData, problem, rowAt, rowsBetween, look };
}

function pageRows(results: { data: VersionsPage | undefined }[]): (VersionRow[] | undefined)[] {
  return results.map((result) => result.data?.rows);
}

/** Pages that hold these rows, as text so that equal lists are equal. The first page is always there. */
function pagesOf(from: number, to: number): string {
  const pages: number[] = [];
  for (let page = Math.floor(from / versionsPageSize); page <= Math.floor(to / versionsPageSize); page += 1) if (page > 0) pages.push(page);
  return pages.join(" ");
}

function useSettled(wanted: string): number[] {
  const [pages, setPages] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setPages(wanted), settleMilliseconds);
    return () => clearTimeout(timer);
  }, [wanted]);
  return useMemo(() => (pages === "" ? [] : pages.split(" ").map(Number)), [pages]);
}

/** Lets go of the oldest pages that nothing on screen needs. */
function trimPages(client: QueryClient): void {
  const spare = client
    .getQueryCache()
    .findAll({ queryKey: versionKeys.pages, type: "inactive" })
    .sort((left, right) => right.state.dataUpdatedAt - left.state.dataUpdatedAt);
  for (const query of spare.slice(sparePages)) client.getQueryCache().remove(query);
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
