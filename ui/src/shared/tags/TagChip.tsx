/** A tag. The first of a version is plain bold text, others are chips; a channel has a mark besides its colour. */
import { IconLock } from "@tabler/icons-react";
import { memo } from "react";
import type { TagLabel } from "../../ipc";
import classes from "./TagChip.module.css";

const looks = { full: classes.full, half: classes.half, ring: classes.ring };

interface TagChipProps {
  tag: Pick<TagLabel, "name" | "channel"> & Partial<Pick<TagLabel, "protected">>;
  /** Plain bold text instead of a chip (the first tag of a version, unless it is a channel). */
  first?: boolean;
}

export const TagChip = memo(function TagChip({ tag, first = false }: TagChipProps) {
  if (tag.channel !== null) {
    return (
      <span className={`${classes.tag} ${looks[tag.channel]}`} title={tag.name}>
        <span className={classes.mark} aria-hidden />
        <span className={classes.name}>{tag.name}</span>
        {tag.protected ? <ProtectedMark /> : null}
      </span>
    );
  }
  return (
    <span className={`${classes.tag} ${first ? classes.first : ""}`} title={tag.name}>
      <span className={classes.name}>{tag.name}</span>
      {tag.protected ? <ProtectedMark /> : null}
    </span>
  );
});

/** No clean-up deletes this tag; by hand it asks for more. */
function ProtectedMark() {
  return (
    <span role="img" aria-label="protected" title="Protected: no clean-up deletes this tag" className={classes.protected}>
      <IconLock size={11} stroke={1.8} aria-hidden focusable={false} />
    </span>
  );
}
