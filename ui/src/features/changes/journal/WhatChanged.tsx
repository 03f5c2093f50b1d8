/** What a change of the journal was about, in a cell: the version and the tags that moved, or how much went. */
import { IconArrowRight } from "@tabler/icons-react";
import type { ChannelSetting, JournalEntry } from "../../../ipc";
import { Icon } from "../../../shared/Icon";
import { TagChip } from "../../../shared/tags/TagChip";
import { goneFrom } from "../running/words";
import classes from "./Journal.module.css";

/** More tags than these are counted. */
const tagsShown = 2;

export function WhatChanged({ entry, channels }: { entry: JournalEntry; channels: readonly ChannelSetting[] }) {
  const { kind, tags, version, planned } = entry;
  const markOf = (name: string) => channels.find((channel) => channel.name === name)?.mark ?? null;
  if (planned.digests > 0 || kind === "prune" || kind === "delete" || tags.length === 0)
    return <span className={classes.text}>{goneFrom(entry)}</span>;
  const more = planned.tags - Math.min(tags.length, tagsShown);
  const chips = tags.slice(0, tagsShown).map((tag) => <TagChip key={tag} tag={{ name: tag, channel: markOf(tag) }} />);
  const rest = more > 0 ? <span className={classes.more}>+{more}</span> : null;
  if (kind === "undo" || kind === "rollback")
    return (
      <span className={classes.what} title={tags.join(", ")}>
        {chips}
        {rest}
        {version === null ? null : <span className={classes.text}>to {version}</span>}
      </span>
    );
  return (
    <span className={classes.what} title={[version ?? "", tags.join(", ")].filter((part) => part !== "").join(" to ")}>
      {version === null ? null : (
        <>
          <span className={classes.text}>{version}</span>
          <Icon of={IconArrowRight} size="smallest" className={classes.arrow} />
        </>
      )}
      {chips}
      {rest}
    </span>
  );
}
