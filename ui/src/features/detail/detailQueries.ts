/** Queries of one version: what the index knows of it, its raw manifest, and its referrers read anew. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";

/** One version of a repository, as the panes pass it on. */
export interface VersionAddress {
  connectionId: string;
  repository: string;
  digest: string;
}

const keyOf = ({ connectionId, repository, digest }: VersionAddress) => [connectionId, repository, digest] as const;

/** `platform` is a wish: a version that does not have it is shown by its own first one. */
export const versionDetailQuery = (address: VersionAddress, platform: string | null) =>
  queryOptions({
    queryKey: [...indexRoot, "version", ...keyOf(address), platform] as const,
    queryFn: () => versionOf(address, platform),
    gcTime: 60_000,
  });

async function versionOf({ connectionId, repository, digest }: VersionAddress, platform: string | null): Promise<VersionDetail> {
  try {
    return await ipc.version(connectionId, repository, digest, platform);
  } catch (error) {
    if (platform === null || ipc.toProblem(error).code !== "notFound") throw error;
    return ipc.version(connectionId, repository, digest, null);
  }
}

/** Content by digest: asked once. Large texts are soon let go of. */
export const rawManifestQuery = (address: VersionAddress) =>
  queryOptions({
    queryKey: ["content", "manifest", ...keyOf(address)] as const,
    queryFn: () => ipc.rawManifest(address.connectionId, address.repository, address.digest),
    gcTime: 30_000,
  });

/** Asks the registry again what points at this version. */
export const referrersQuery = (address: VersionAddress) =>
  queryOptions({
    queryKey: ["registry", "referrers", ...keyOf(address)] as const,
    queryFn: ({ signal }) => ipc.refreshReferrers(address.connectionId, address.repository, address.digest, { signal }),
    gcTime: 60_000,
  });

export const pullCommandsQuery = (address: VersionAddress, tag: string | null, byDigest: boolean) =>
  queryOptions({
    queryKey: [...indexRoot, "pullCommands", ...keyOf(address), tag, byDigest] as const,
    queryFn: () => ipc.pullCommands(address.connectionId, address.repository, address.digest, tag, byDigest),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
