/** One change of the journal in its list. */
import { IconArrowBackUp, IconArrowUp, IconBrush, IconCopy, IconHistory, IconTrash, type Icon as TablerIcon } from "@tabler/icons-react";
import { memo } from "react";
import type { ChannelSetting, ConnectionInfo, JournalEntry } from "../../../ipc";
import { formatClock, formatFull, unknown, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { kindName, movedBytes, splitRepository, whereWords } from "../running/words";
import classes from "./Journal.module.css";
import { StateMark } from "./StateMark";
import { WhatChanged } from "./WhatChanged";

const icons: Record<string, TablerIcon> = {
  promote: IconArrowUp,
  rollback: IconHistory,
  prune: IconBrush,
  delete: IconTrash,
  copy: IconCopy,
  undo: IconArrowBackUp,
};

interface JournalRowViewProps {
  id: string;
  place: number;
  top: number;
  entry: JournalEntry;
  connections: readonly ConnectionInfo[];
  channels: readonly ChannelSetting[];
  selected: boolean;
  cursor: boolean;
  index: number;
  onPress: (index: number) => void;
}

export const JournalRowView = memo(function JournalRowView(props: JournalRowViewProps) {
  const { entry, connections, channels, index, onPress } = props;
  const { bytes } = useFormat();
  const [first = "", ...others] = entry.repositories;
  const { repository } = splitRepository(first, connections);
  const moved = movedBytes(entry);
  const where = whereWords(entry);
  const cells = [
    <span key="time" title={formatFull(entry.started)}>
      {formatClock(entry.started)}
    </span>,
    <span key="kind" className={classes.kind}>
      <Icon of={icons[entry.kind] ?? IconHistory} size="small" />
      {kindName(entry.kind)}
    </span>,
    <WhatChanged key="what" entry={entry} channels={channels} />,
    <span key="repository" title={entry.repositories.join("\n")}>
      {repository === "" ? unknown : repository}
      {others.length > 0 ? ` +${others.length}` : ""}
    </span>,
    <span key="where" title={where}>
      {where}
    </span>,
    <span key="bytes" title={moved < 0 ? "Freed" : "Moved"}>
      {moved === 0 ? "" : moved < 0 ? `\u2212${bytes(-moved)}` : bytes(moved)}
    </span>,
    <StateMark key="state" state={entry.state} />,
  ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its rows
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.place}
      aria-selected={props.selected}
      className={classes.row}
      data-cursor={props.cursor || undefined}
      style={{ top: props.top }}
      onClick={() => onPress(index)}
    >
      {cells.map((cell) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
        // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
        <div key={cell.key} role="gridcell" className={classes.cell} data-column={cell.key}>
          {cell}
        </div>
      ))}
    </div>
  );
});
