/** Tags by their names, those of channels with their marks. */
import type { ChannelSetting } from "../../../ipc";
import { TagChip } from "../../../shared/tags/TagChip";
import classes from "./CopyPage.module.css";

export function TagChips({ names, channels }: { names: readonly string[]; channels: readonly ChannelSetting[] }) {
  return (
    <span className={classes.chips}>
      {names.map((name) => (
        <TagChip key={name} tag={{ name, channel: channels.find((channel) => channel.name === name)?.mark ?? null }} />
      ))}
    </span>
  );
}
