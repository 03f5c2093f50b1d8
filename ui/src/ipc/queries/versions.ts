/** Query keys of the versions of a repository: pages of rows, the chart's series, the sums of a selection. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { VersionsQuery } from "..";
import * as ipc from "..";
import { indexRoot } from "./keys";

/** Rows per page asked from the program. */
export const versionsPageSize = 100;

export const versionKeys = {
  pages: [...indexRoot, "versions"] as const,
  page: (query: VersionsQuery, page: number) => [...versionKeys.pages, query, page] as const,
  series: (query: VersionsQuery, metric: string) => [...indexRoot, "series", query, metric] as const,
  selection: (connectionId: string, repository: string, digests: readonly string[]) =>
    [...indexRoot, "selection", connectionId, repository, digests] as const,
};

export const versionsPageQuery = (query: VersionsQuery, page: number) =>
  queryOptions({
    queryKey: versionKeys.page(query, page),
    queryFn: () => ipc.versions(query, page * versionsPageSize, versionsPageSize),
    gcTime: 60_000,
  });

export const seriesQuery = (query: VersionsQuery, metric: string) =>
  queryOptions({
    queryKey: versionKeys.series(query, metric),
    queryFn: () => ipc.series(query, metric),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

export const selectionQuery = (connectionId: string, repository: string, digests: readonly string[]) =>
  queryOptions({
    queryKey: versionKeys.selection(connectionId, repository, digests),
    queryFn: () => ipc.selection(connectionId, repository, [...digests]),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
