/** Query keys of plans that are only looked at, of the journal, and of where channels pointed. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ChangeRequest, JournalQuery } from "..";
import * as ipc from "..";
import { indexRoot } from "./keys";

/** Entries per page asked from the program. */
export const journalPageSize = 100;

const journalRoot = [...indexRoot, "journal"] as const;

/** The plan as the index knows the repository. */
export const previewQuery = (request: ChangeRequest) =>
  queryOptions({
    queryKey: [...indexRoot, "preview", request] as const,
    queryFn: () => ipc.previewChange(request),
    gcTime: 10_000,
  });

/** The routes that take a version. */
export const fittingRoutesQuery = (connectionId: string, repository: string, digest: string) =>
  queryOptions({
    queryKey: [...indexRoot, "fittingRoutes", connectionId, repository, digest] as const,
    queryFn: () => ipc.fittingRoutes(connectionId, repository, digest),
    gcTime: 60_000,
  });

/** Newest first, page after page. */
export const journalPagesQuery = (query: JournalQuery) =>
  infiniteQueryOptions({
    queryKey: [...journalRoot, "pages", query] as const,
    queryFn: ({ pageParam }) => ipc.journal(query, pageParam, journalPageSize),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const read = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length === 0 || read >= last.total ? undefined : read;
    },
    gcTime: 60_000,
  });

/** Filters nothing. */
export const everyChange: JournalQuery = { connectionId: null, repository: null, kind: null, state: null, text: null, since: null };

/** What was interrupted, and what can be undone next: asked at the start, and cheap. */
export const unsettledQuery = queryOptions({
  queryKey: [...journalRoot, "unsettled"] as const,
  queryFn: ipc.unsettledChanges,
});

export const journalSizeQuery = queryOptions({
  queryKey: [...journalRoot, "size"] as const,
  queryFn: ipc.journalSize,
});

/** A manifest that a change kept never changes. */
export const journalManifestQuery = (id: string, digest: string) =>
  queryOptions({
    queryKey: ["journalManifest", id, digest] as const,
    queryFn: () => ipc.journalManifest(id, digest),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const journalDetailQuery = (id: string) =>
  queryOptions({ queryKey: [...journalRoot, "detail", id] as const, queryFn: () => ipc.journalDetail(id), gcTime: 60_000 });

export const channelHistoryQuery = (connectionId: string, repository: string, channel: string) =>
  queryOptions({
    queryKey: [...indexRoot, "channelHistory", connectionId, repository, channel] as const,
    queryFn: () => ipc.channelHistory(connectionId, repository, channel),
    gcTime: 60_000,
  });

export const policiesKey = [...indexRoot, "policies"] as const;

/** Saved policies, with the repositories that each is for. */
export const policiesQuery = queryOptions({ queryKey: policiesKey, queryFn: () => ipc.policies() });

/** The repositories that patterns match. */
export const coveredQuery = (patterns: readonly string[]) =>
  queryOptions({
    queryKey: [...policiesKey, "covered", patterns] as const,
    queryFn: () => ipc.coveredRepositories([...patterns]),
    retry: false,
    gcTime: 10_000,
  });
