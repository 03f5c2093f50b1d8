/** The rows in view, read in pages as they come near. What is kept in memory has a bound. */
import { type QueryClient, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { VersionRow, VersionsPage } from "../../ipc";
import { versionKeys, versionsPageQuery, versionsPageSize } from "../../ipc/queries/versions";
import type { VersionRows } from "./useVersionRows";

/** Pages kept that no row on screen needs. */
const sparePages = 24;
/** While somebody scrolls fast, only places where he stays this long are read. */
const settleMilliseconds = 50;
/** A page is read this many rows before its first one comes into view. */
const rowsAhead = 50;

export interface VisibleRows {
  /** The row at a place; undefined while its page is read. */
  rowAt: (index: number) => VersionRow | undefined;
  /** Tells which rows are in view. Costs nothing while their pages stay the same. */
  look: (from: number, to: number) => void;
}

export function useVisibleRows({ query, summary }: VersionRows): VisibleRows {
  const client = useQueryClient();
  const total = summary?.total ?? 0;
  const [pages, setPages] = useState<readonly number[]>([]);
  const wanted = useRef("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const look = useCallback(
    (from: number, to: number) => {
      const next = pagesNear(from, to, total);
      const text = next.join(" ");
      if (text === wanted.current) return;
      wanted.current = text;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setPages(next), settleMilliseconds);
    },
    [total],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  const answers = useQueries({ queries: pages.map((page) => versionsPageQuery(query, page)), combine: pageRows });
  // biome-ignore lint/correctness/useExhaustiveDependencies: pages fall out of use when others come into view
  useEffect(() => trimPages(client), [client, pages]);
  const first = summary?.rows;
  const rowAt = useMemo(() => {
    const byPage = new Map(pages.map((page, position) => [page, answers[position]]));
    return (index: number) => {
      const page = Math.floor(index / versionsPageSize);
      return (page === 0 ? first : byPage.get(page))?.[index % versionsPageSize];
    };
  }, [pages, answers, first]);
  return { rowAt, look };
}

function pageRows(results: { data: VersionsPage | undefined }[]): (VersionRow[] | undefined)[] {
  return results.map((result) => result.data?.rows);
}

/** Pages that hold these rows or those just beyond them. The first page is always there, so it is never among them. */
export function pagesNear(from: number, to: number, total: number): number[] {
  const pages: number[] = [];
  const last = Math.floor(Math.min(total - 1, to + rowsAhead) / versionsPageSize);
  for (let page = Math.max(1, Math.floor((from - rowsAhead) / versionsPageSize)); page <= last; page += 1) pages.push(page);
  return pages;
}

/** Lets go of the oldest pages that nothing on screen needs. */
function trimPages(client: QueryClient): void {
  const spare = client
    .getQueryCache()
    .findAll({ queryKey: versionKeys.pages, type: "inactive" })
    .sort((left, right) => right.state.dataUpdatedAt - left.state.dataUpdatedAt);
  for (const query of spare.slice(sparePages)) client.getQueryCache().remove(query);
}
