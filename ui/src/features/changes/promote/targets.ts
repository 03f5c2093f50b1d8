/** Where a version may go next. Pure. */
import type { ChannelSetting, TagLabel } from "../../../ipc";

/** What the settings may say of a channel besides what every version of the program says. */
type Asking = ChannelSetting & { asksFirst?: boolean };

/** Whether the program knows the setting at all. */
export function knowsAsking(channel: Asking): boolean {
  return channel.asksFirst !== undefined;
}

/** A promotion to this channel is shown before it is made. Until the settings say it, only production is. */
export function asksFirst(channel: Asking | undefined): boolean {
  return channel?.asksFirst ?? channel?.name === "production";
}

/** The channels with the setting changed for one. */
export function withAsking(channels: readonly ChannelSetting[], name: string, asking: boolean): ChannelSetting[] {
  return channels.map((channel): Asking => (channel.name === name ? { ...channel, asksFirst: asking } : channel));
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
