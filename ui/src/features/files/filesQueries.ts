/** Queries of the files of a version: what reading costs, the reading itself, pages of a folder, the icicle. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { FilesOptions, Progress } from "../../ipc";
import * as ipc from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import type { VersionAddress } from "../detail/detailQueries";

/** Entries of a folder per answer: few at first, since most folders show their largest only; many for who wants them all. */
const firstPage = 200;
const laterPage = 1000;

/** What has no platform is shown as "any"; asked for it is by leaving the platform open. */
const wished = (platform: string | null) => (platform === "any" ? null : platform);

const keyOf = ({ connectionId, repository, digest }: VersionAddress, platform: string | null) =>
  [connectionId, repository, digest, platform] as const;

export const filesCostQuery = (address: VersionAddress, platform: string | null) =>
  queryOptions({
    queryKey: [...indexRoot, "filesCost", ...keyOf(address, platform)] as const,
    queryFn: () => ipc.filesCost(address.connectionId, address.repository, address.digest, wished(platform)),
    gcTime: 60_000,
  });

/** Reads the layers that are not known yet. Only started when the person, or a cost of nothing, says so. */
export const filesQuery = (address: VersionAddress, platform: string | null, onProgress: (progress: Progress) => void) =>
  queryOptions({
    queryKey: ["content", "files", ...keyOf(address, platform)] as const,
    queryFn: ({ signal }) => ipc.files(address.connectionId, address.repository, address.digest, wished(platform), { signal, onProgress }),
    gcTime: 5 * 60_000,
  });

export const childrenQuery = (view: string, path: string, options: FilesOptions, page: number) =>
  queryOptions({
    queryKey: ["content", "fileChildren", view, path, options, page] as const,
    queryFn: () =>
      page === 0
        ? ipc.fileChildren(view, path, options, 0, firstPage)
        : ipc.fileChildren(view, path, options, firstPage + (page - 1) * laterPage, laterPage),
    gcTime: 60_000,
  });

export const icicleQuery = (view: string, options: FilesOptions) =>
  queryOptions({
    queryKey: ["content", "icicle", view, options] as const,
    queryFn: () => ipc.icicle(view, options),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
