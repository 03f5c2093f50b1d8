/** The chip of a channel that opens its history. */
import type { TagLabel } from "../../../ipc";
import { TagChip } from "../../../shared/tags/TagChip";
import classes from "./ChannelChip.module.css";
import { type ChannelAddress, openChannelHistory } from "./channelHistory";

export function ChannelChip({ tag, address }: { tag: TagLabel; address: Omit<ChannelAddress, "channel"> }) {
  return (
    <button
      type="button"
      className={classes.chip}
      aria-haspopup="dialog"
      aria-label={`${tag.name}: where it pointed`}
      onClick={() => openChannelHistory({ ...address, channel: tag.name })}
    >
      <TagChip tag={tag} />
    </button>
  );
}
