/** The rows in view, read in pages as they come near. What is kept in memory has a bound. */
import { type QueryClient, useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { VersionRow, VersionsPage } from "../../ipc";
import { versionKeys, versionsPageQuery, versionsPageSize } from "../../ipc/queries/versions";
import { type PagesInView, usePagesInView } from "../../shared/usePagesInView";
import type { VersionRows } from "./useVersionRows";

/** Pages kept that no row on screen needs. */
const sparePages = 24;

export interface VisibleRows extends Pick<PagesInView, "look"> {
  /** The row at a place; undefined while its page is read. */
  rowAt: (index: number) => VersionRow | undefined;
}

export function useVisibleRows({ query, summary }: VersionRows): VisibleRows {
  const client = useQueryClient();
  const total = summary?.total ?? 0;
  // The first page comes with the summary.
  const { pages, look } = usePagesInView(total, versionsPageSize, 1);
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

/** Lets go of the oldest pages that nothing on screen needs. */
function trimPages(client: QueryClient): void {
  const spare = client
    .getQueryCache()
    .findAll({ queryKey: versionKeys.pages, type: "inactive" })
    .sort((left, right) => right.state.dataUpdatedAt - left.state.dataUpdatedAt);
  for (const query of spare.slice(sparePages)) client.getQueryCache().remove(query);
}
