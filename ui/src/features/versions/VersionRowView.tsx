/** One row of the versions table. */
import { type MouseEvent, memo } from "react";
import type { VersionRow } from "../../ipc";
import { CheckBox } from "../../shared/CheckBox";
import { type CellContext, cellContent, unreadCell } from "./cells";
import type { VersionColumn } from "./columns";
import classes from "./VersionsGrid.module.css";

export interface RowPress {
  index: number;
  /** null: nothing but its name is known. */
  digest: string | null;
  toggle: boolean;
  range: boolean;
}

interface VersionRowViewProps {
  id: string;
  /** From 0, without the divider. */
  index: number;
  /** For aria-rowindex: the head is row 1. */
  place: number;
  top: number;
  row: VersionRow | undefined;
  columns: readonly VersionColumn[];
  context: CellContext;
  /** An unread row has a shape in each cell; otherwise it is one line. */
  shaped: boolean;
  /** The checkbox column stands while something is chosen. */
  selecting: boolean;
  selected: boolean;
  cursor: boolean;
  onPress: (press: RowPress) => void;
  onOpen: (digest: string) => void;
}

/** A row is drawn once for a place, and nothing of it while somebody only passes by: so much for the speed of scrolling. */
export const VersionRowView = memo(function VersionRowView(props: VersionRowViewProps) {
  const { row, index, columns, context, selecting, selected, cursor, onPress, onOpen } = props;
  if (row === undefined && !props.shaped) return <PassingRow id={props.id} place={props.place} top={props.top} columns={columns.length} />;
  const press = (event: MouseEvent, toggle: boolean) => {
    if (row) onPress({ index, digest: row.digest, toggle: toggle || event.ctrlKey || event.metaKey, range: event.shiftKey });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its rows
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.place + 2}
      aria-selected={selected}
      aria-busy={row === undefined || row.pending || undefined}
      className={classes.row}
      data-cursor={cursor || undefined}
      style={{ top: props.top }}
      onClick={(event) => press(event, false)}
      onDoubleClick={() => row && row.digest !== null && onOpen(row.digest)}
    >
      {selecting ? (
        // biome-ignore lint/a11y/useKeyWithClickEvents: Space does this on the row
        // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
        // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
        <div
          role="gridcell"
          className={classes.check}
          onClick={(event) => {
            event.stopPropagation();
            press(event, !event.shiftKey);
          }}
        >
          <CheckBox state={selected ? "on" : "off"} />
        </div>
      ) : null}
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
        // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
        <div
          key={column.id}
          role="gridcell"
          className={classes.cell}
          data-column={column.id}
          data-number={column.number || undefined}
          data-clips={column.clips || undefined}
        >
          {row === undefined ? unreadCell(column.id, index) : cellContent(column.id, row, context)}
        </div>
      ))}
    </div>
  );
});

function PassingRow({ id, place, top, columns }: { id: string; place: number; top: number; columns: number }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
    <div id={id} role="row" aria-rowindex={place + 2} aria-busy className={classes.row} style={{ top }}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop */}
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element */}
      <div role="gridcell" aria-colspan={columns} className={classes.passing} />
    </div>
  );
}
