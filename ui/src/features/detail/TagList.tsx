/** The tags of a version besides its name; a channel is repeated as a chip, because its mark says something. */
import type { TagLabel } from "../../ipc";
import { formatCount } from "../../shared/format";
import { TagChip } from "../../shared/tags/TagChip";
import chip from "../../shared/tags/TagChip.module.css";
import { ChannelChip } from "../changes/channels/ChannelChip";
import classes from "./DetailHeader.module.css";

interface TagListProps {
  tags: readonly TagLabel[];
  /** What does not fit becomes `+2`. */
  limit: number;
  /** Where they are: a channel then opens its history. */
  at?: { connectionId: string; repository: string };
}

export function TagList({ tags, limit, at }: TagListProps) {
  const [first, ...others] = tags;
  const chips = first !== undefined && first.channel !== null ? [first, ...others] : others;
  if (chips.length === 0) return null;
  const hidden = chips.slice(limit);
  return (
    <div className={classes.tags}>
      {chips
        .slice(0, limit)
        .map((tag) =>
          at && tag.channel !== null ? <ChannelChip key={tag.name} tag={tag} address={at} /> : <TagChip key={tag.name} tag={tag} />,
        )}
      {hidden.length > 0 ? (
        <span
          className={`${chip.tag} ${classes.more}`}
          title={hidden
            .slice(0, 200)
            .map((tag) => tag.name)
            .join(", ")}
        >
          +{formatCount(hidden.length)}
        </span>
      ) : null}
    </div>
  );
}
