/** Where a version may go next. Pure. */
import type { ChannelSetting, TagLabel } from "../../../ipc";

/** A promotion to this channel is shown before it is made; to a tag that is no channel too. */
export function asksFirst(channel: ChannelSetting | undefined): boolean {
  return channel?.asksFirst ?? true;
}

/** The steps towards production, the first one first: the settings name them from production down. Rings are no steps, unless there is nothing else. */
function steps(channels: readonly ChannelSetting[]): ChannelSetting[] {
  const marked = channels.filter((channel) => channel.mark !== "ring");
  return [...(marked.length > 0 ? marked : channels)].reverse();
}

/** The next channel towards production after the furthest that the version is on; null where it is at the end. */
export function nextTarget(channels: readonly ChannelSetting[], tags: readonly Pick<TagLabel, "name">[]): string | null {
  const way = steps(channels);
  const furthest = way.findLastIndex((channel) => tags.some((tag) => tag.name === channel.name));
  return way[furthest + 1]?.name ?? null;
}

/** What the dialog starts with: the next one, else any channel that the version is not on. */
export function firstTarget(channels: readonly ChannelSetting[], tags: readonly Pick<TagLabel, "name">[]): string {
  const free = channels.find((channel) => tags.every((tag) => tag.name !== channel.name));
  return nextTarget(channels, tags) ?? free?.name ?? channels[0]?.name ?? "production";
}
