/** The heads of the columns: one tab stop, arrows between them, Enter sorts. */
import { IconChevronDown, IconChevronUp, IconShield } from "@tabler/icons-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { CheckBox } from "../../shared/CheckBox";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import type { VersionColumn } from "./columns";
import classes from "./VersionsGrid.module.css";

interface GridHeadProps {
  columns: readonly VersionColumn[];
  /** The column that is sorted by now, and which way. */
  sorted: { id: string; descending: boolean } | null;
  selecting: boolean;
  selected: "on" | "off" | "some";
  onSort: (column: VersionColumn) => void;
  /** null: as wide as at first. */
  onResize: (column: VersionColumn, width: number | null) => void;
  onSelectAll: () => void;
}

export function GridHead({ columns, sorted, selecting, selected, onSort, onResize, onSelectAll }: GridHeadProps) {
  const [stop, setStop] = useState("version");
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    if (step === 0 || at === -1 || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
    <div role="rowgroup" className={classes.head}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus */}
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element */}
      <div role="row" aria-rowindex={1} className={classes.headRow} onKeyDown={onKeyDown}>
        {selecting ? (
          // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
          // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
          <div role="columnheader" className={classes.check}>
            <button
              type="button"
              tabIndex={-1}
              className={classes.checkAll}
              aria-label={selected === "on" ? "Select nothing" : "Select all"}
              onClick={onSelectAll}
            >
              <CheckBox state={selected} />
            </button>
          </div>
        ) : null}
        {columns.map((column) => (
          <ColumnHead
            key={column.id}
            column={column}
            sorted={sorted?.id === column.id ? (sorted.descending ? "descending" : "ascending") : "none"}
            stop={column.id === stop}
            onFocus={() => setStop(column.id)}
            onSort={onSort}
            onResize={onResize}
          />
        ))}
      </div>
    </div>
  );
}

interface ColumnHeadProps {
  column: VersionColumn;
  sorted: "descending" | "ascending" | "none";
  stop: boolean;
  onFocus: () => void;
  onSort: (column: VersionColumn) => void;
  onResize: (column: VersionColumn, width: number | null) => void;
}

function ColumnHead({ column, sorted, stop, onFocus, onSort, onResize }: ColumnHeadProps) {
  const label =
    column.id === "signed" ? (
      <>
        <Icon of={IconShield} size="small" />
        <span className={text.hidden}>{column.label}</span>
      </>
    ) : (
      <span className={classes.headName}>{column.label}</span>
    );
  const sortable = column.sort !== null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
    // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
    <div
      role="columnheader"
      className={classes.headCell}
      data-column={column.id}
      data-number={column.number || undefined}
      aria-sort={sortable ? sorted : undefined}
      aria-label={column.label}
      title={column.label}
    >
      {sortable ? (
        <button
          type="button"
          tabIndex={stop ? 0 : -1}
          className={classes.sort}
          data-sorted={sorted !== "none" || undefined}
          onFocus={onFocus}
          onClick={() => onSort(column)}
          onKeyDown={(event) => {
            const step = event.key === "ArrowLeft" ? 10 : event.key === "ArrowRight" ? -10 : 0;
            if (step !== 0 && event.shiftKey && column.width !== null) onResize(column, column.width + step);
          }}
        >
          {label}
          {sorted === "none" ? null : <Icon of={sorted === "descending" ? IconChevronDown : IconChevronUp} size="smallest" />}
        </button>
      ) : (
        label
      )}
      {column.width === null ? null : <Edge column={column} width={column.width} onResize={onResize} />}
    </div>
  );
}

/** The left edge of a column: dragged it changes the width (the version at the far left takes what is left), pressed twice it is as at first. */
function Edge({ column, width, onResize }: Pick<ColumnHeadProps, "column" | "onResize"> & { width: number }) {
  const from = useRef<{ x: number; width: number } | null>(null);
  return (
    <span
      aria-hidden
      className={classes.edge}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (from.current) onResize(column, from.current.width + from.current.x - event.clientX);
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onDoubleClick={() => onResize(column, null)}
    />
  );
}
