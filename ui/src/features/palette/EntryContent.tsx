/** One line of the palette: what it is, with the matched part marked. */
import { Kbd } from "@mantine/core";
import {
  IconArrowRight,
  IconArrowUp,
  IconBolt,
  IconColumns2,
  IconCopy,
  IconHistory,
  IconLink,
  IconRowInsertBottom,
  IconStack2,
  IconTag,
  IconTransferOut,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../ipc/queries/settings";
import { longerDigest } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { displayCombination, useKeyNames } from "../../shared/keys";
import { TagChip } from "../../shared/tags/TagChip";
import { type Entry, marked, nameOf } from "./entries";
import classes from "./Palette.module.css";

const icons = {
  promote: IconArrowUp,
  copy: IconTransferOut,
  pull: IconCopy,
  page: IconArrowRight,
  compare: IconColumns2,
  comparePrevious: IconHistory,
  tray: IconRowInsertBottom,
  link: IconLink,
};

export function EntryContent({ entry, words }: { entry: Entry; words: readonly string[] }) {
  const keys = useKeyNames();
  switch (entry.kind) {
    case "tag":
      return <TagContent entry={entry} words={words} />;
    case "repository":
      return (
        <span className={classes.row}>
          <Icon of={IconStack2} className={classes.icon} />
          <span className={classes.main}>
            <Marked text={entry.hit.repository} words={words} />
          </span>
          <span className={classes.where}>{entry.hit.connection}</span>
        </span>
      );
    case "action":
      return (
        <span className={classes.row}>
          <Icon of={IconBolt} className={classes.icon} />
          <span className={classes.main}>{entry.label}</span>
          <Kbd>{displayCombination(keys[entry.action])}</Kbd>
        </span>
      );
    default:
      return (
        <span className={classes.row}>
          <Icon of={icons[entry.kind]} className={classes.icon} />
          <span className={classes.main}>{entry.label}</span>
          {entry.kind === "pull" ? <Kbd>{displayCombination(keys.copyPullCommand)}</Kbd> : null}
        </span>
      );
  }
}

function TagContent({ entry, words }: { entry: Extract<Entry, { kind: "tag" }>; words: readonly string[] }) {
  const { hit } = entry;
  const channels = useQuery(settingsQuery).data?.channels ?? [];
  const channel = channels.find((candidate) => candidate.name === hit.tag);
  // A hit in a label or a card says what matched; a tag or a digest shows it by itself.
  const why = hit.kind === "label" ? hit.matched : null;
  return (
    <span className={classes.row}>
      <Icon of={IconTag} className={classes.icon} />
      <span className={classes.main}>
        {channel ? (
          <TagChip tag={{ name: channel.name, channel: channel.mark }} />
        ) : (
          <Marked text={hit.kind === "digest" ? longerDigest(hit.matched) : nameOf(hit)} words={words} />
        )}
        <span className={classes.below}>
          <Marked text={hit.repository} words={words} />
          {why ? (
            <>
              {" · "}
              <Marked text={why} words={words} />
            </>
          ) : null}
        </span>
      </span>
      <span className={classes.where}>{hit.connection}</span>
    </span>
  );
}

function Marked({ text, words }: { text: string; words: readonly string[] }) {
  return (
    <span>
      {marked(text, words).map((piece, position) =>
        piece.match ? <mark key={position}>{piece.text}</mark> : <span key={position}>{piece.text}</span>,
      )}
    </span>
  );
}
