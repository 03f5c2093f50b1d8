/** What a version is held against by itself: the one in production, or the one before it. */
import { queryOptions } from "@tanstack/react-query";
import type { ChannelSetting, VersionRow } from "../../ipc";
import * as ipc from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import type { VersionAddress } from "../detail/detailQueries";
import { initialView, noFilter, queryOf } from "../versions/viewState";

/** Rows that are looked through. */
const mostRows = 100_000;
const rowsAtOnce = 1000;

/** The channel that production is: the one marked in full. null: the person has none. */
export function productionChannel(channels: readonly ChannelSetting[]): string | null {
  return channels.find((channel) => channel.mark === "full")?.name ?? null;
}

/** The version before this one in the repository's own order, of the same kind if there is one; null: there is none. */
export const previousQuery = ({ connectionId, repository, digest }: VersionAddress) =>
  queryOptions({
    queryKey: [...indexRoot, "previous", connectionId, repository, digest] as const,
    queryFn: async (): Promise<VersionAddress | null> => {
      let own: VersionRow | null = null;
      let other: VersionRow | null = null;
      for await (const row of rowsInOrder({ connectionId, repository })) {
        if (row.digest === digest) own = row;
        else if (own !== null && row.group !== own.group) break;
        else if (own !== null && row.digest !== null && row.kind === own.kind) return { connectionId, repository, digest: row.digest };
        else if (own !== null && row.digest !== null) other ??= row;
      }
      return other === null || other.digest === null ? null : { connectionId, repository, digest: other.digest };
    },
    gcTime: 60_000,
  });

/** The version that a channel points at; null: none that is known. */
export const channelVersionQuery = ({ connectionId, repository }: Omit<VersionAddress, "digest">, channel: string | null) =>
  queryOptions({
    queryKey: [...indexRoot, "channelVersion", connectionId, repository, channel] as const,
    queryFn: async (): Promise<VersionAddress | null> => {
      if (channel === null) return null;
      for await (const row of rowsInOrder({ connectionId, repository }, channel)) {
        if (row.digest !== null && row.tags.some((tag) => tag.name === channel)) return { connectionId, repository, digest: row.digest };
      }
      return null;
    },
    gcTime: 60_000,
  });

/** The versions of a repository, newest first, as the table sorts them at first. */
async function* rowsInOrder({ connectionId, repository }: Omit<VersionAddress, "digest">, text = ""): AsyncGenerator<VersionRow> {
  const query = queryOf(connectionId, repository, { ...initialView, filter: { ...noFilter, text } });
  for (let from = 0; from < mostRows; ) {
    const { rows, total } = await ipc.versions(query, from, rowsAtOnce);
    yield* rows;
    from += rows.length;
    if (rows.length === 0 || from >= total) return;
  }
}
