/** What a change of the journal was about, in a cell: the channels that moved, or how many tags went. */
import { IconArrowRight } from "@tabler/icons-react";
import type { ChannelSetting, JournalEntry } from "../../../ipc";
import { counted } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { TagChip } from "../../../shared/tags/TagChip";
import classes from "./Journal.module.css";

/** More tags than these are counted. */
const tagsShown = 2;

export function WhatChanged({ entry, channels }: { entry: JournalEntry; channels: readonly ChannelSetting[] }) {
  const { kind, tags } = entry;
  const markOf = (name: string) => channels.find((channel) => channel.name === name)?.mark ?? null;
  if (kind === "prune" || kind === "delete" || tags.length === 0)
    return <span className={classes.text}>{tags.length === 0 ? counted(entry.steps, "step") : counted(tags.length, "tag")}</span>;
  return (
    <span className={classes.what} title={tags.slice(0, 100).join(", ")}>
      {kind === "promote" || kind === "copy" ? <Icon of={IconArrowRight} size="smallest" className={classes.arrow} /> : null}
      {tags.slice(0, tagsShown).map((tag) => (
        <TagChip key={tag} tag={{ name: tag, channel: markOf(tag) }} />
      ))}
      {tags.length > tagsShown ? <span className={classes.more}>+{tags.length - tagsShown}</span> : null}
    </span>
  );
}
