/** The versions table: virtual rows, one tab stop, sorted by every column. It shows; what is chosen and asked is decided above. */
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type KeyboardEvent, type MouseEvent, type PointerEvent, type RefObject, useEffect, useMemo } from "react";
import type { VersionRow } from "../../ipc";
import { type Format, useFormat } from "../../shared/format";
import { type CellContext, cellTitle } from "./cells";
import { checkWidth, fittingColumns, gridTemplate, type VersionColumn } from "./columns";
import { GridHead } from "./GridHead";
import { dividerHeight, placeOfRow, placesOf, rowHeight, rowOfPlace } from "./places";
import type { Selection } from "./selection";
import type { Reveal } from "./useFollow";
import type { VersionRows } from "./useVersionRows";
import { useVisibleRows } from "./useVisibleRows";
import { type RowPress, VersionRowView } from "./VersionRowView";
import classes from "./VersionsGrid.module.css";

const headHeight = 27;
/** Rows drawn beyond the edges. */
const overscan = 6;
/** Rows drawn as shapes while the first answer is awaited. */
const unreadRows = 12;

export interface GridMove {
  index: number;
  /** Shift is down: everything from the anchor to here is chosen. */
  extend: boolean;
}

interface VersionsGridProps {
  grid: RefObject<HTMLDivElement | null>;
  label: string;
  rows: VersionRows;
  columns: readonly VersionColumn[];
  metrics: readonly string[];
  sorted: { id: string; descending: boolean } | null;
  selection: Selection;
  cursor: number;
  /** A row to scroll to, once. */
  reveal: Reveal | null;
  /** The version whose detail is shown; null while several are chosen. */
  shownDigest: string | null;
  onMove: (move: GridMove) => void;
  onPress: (press: RowPress) => void;
  onToggle: (index: number) => void;
  onOpen: (digest: string) => void;
  /** What can be done with a row is asked for, at this place. */
  onMenu: (index: number, x: number, y: number) => void;
  /** The pointer was pressed on a row, and may drag it. */
  onGrab: (index: number, event: PointerEvent) => void;
  onEscape: () => void;
  onSort: (column: VersionColumn) => void;
  onResize: (column: VersionColumn, width: number | null) => void;
  onSelectAll: () => void;
}

export function VersionsGrid(props: VersionsGridProps) {
  const { rows, selection, cursor, shownDigest, onMove } = props;
  const { summary } = rows;
  const { rowAt, look } = useVisibleRows(rows);
  const format = useFormat();
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const gridRef = useMergedRef(sizeRef, props.grid);
  const selecting = selection.digests.size > 0;
  const columns = useMemo(() => fittingColumns(props.columns, width || 754, selecting), [props.columns, width, selecting]);
  const total = summary?.total ?? unreadRows;
  const places = useMemo(() => placesOf(total, summary?.otherFrom ?? null), [total, summary?.otherFrom]);
  const virtual = useVirtualizer({
    count: places.count,
    getScrollElement: () => props.grid.current,
    estimateSize: (place) => (place === places.divider ? dividerHeight : rowHeight),
    overscan,
    rangeExtractor: constantRange,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  // Heights depend on where the divider stands.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the divider's place decides
  useEffect(() => virtual.measure(), [virtual, places.divider]);
  const { reveal } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each wish
  useEffect(() => {
    if (reveal) virtual.scrollToIndex(placeOfRow(places, reveal.index), { align: "center" });
  }, [reveal]);
  const items = virtual.getVirtualItems();
  const firstPlace = items[0]?.index ?? 0;
  const lastPlace = items.at(-1)?.index ?? 0;
  useEffect(
    () => look(rowOfPlace(places, firstPlace) ?? firstPlace, rowOfPlace(places, lastPlace) ?? lastPlace),
    [look, places, firstPlace, lastPlace],
  );

  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), selecting ? checkWidth : 0);
  const largestBytes = summary?.largestBytes ?? 0;
  const tagWidth = Math.max(80, (width || 754) - fixed - 14);
  const context = useMemo<CellContext>(
    () => ({ format, largestBytes, metrics: props.metrics, tagWidth }),
    [format, largestBytes, props.metrics, tagWidth],
  );

  const moveTo = (index: number, extend: boolean) => {
    const target = Math.min(total - 1, Math.max(0, index));
    virtual.scrollToIndex(placeOfRow(places, target), { align: "auto" });
    onMove({ index: target, extend });
  };
  const pageRows = Math.max(1, Math.floor(((props.grid.current?.clientHeight ?? 600) - headHeight) / rowHeight) - 1);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || total === 0 || summary === undefined)
      return;
    const extend = event.shiftKey;
    const digest = rowAt(cursor)?.digest;
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(cursor + 1, extend),
      ArrowUp: () => moveTo(cursor - 1, extend),
      j: () => moveTo(cursor + 1, false),
      k: () => moveTo(cursor - 1, false),
      Home: () => moveTo(0, extend),
      End: () => moveTo(total - 1, extend),
      PageDown: () => moveTo(cursor + pageRows, extend),
      PageUp: () => moveTo(cursor - pageRows, extend),
      " ": () => props.onToggle(cursor),
      Enter: () => digest && props.onOpen(digest),
      Escape: props.onEscape,
      ContextMenu: () => menuAt(cursor),
    };
    const step = event.key === "F10" && extend ? steps.ContextMenu : steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };

  const menuAt = (index: number) => {
    const box = document.getElementById(rowId(index))?.getBoundingClientRect();
    if (box) props.onMenu(index, box.left + 40, box.bottom);
  };
  const onContextMenu = (event: MouseEvent) => {
    const index = indexOf(event.target);
    if (index === null) return;
    event.preventDefault();
    props.onMenu(index, event.clientX, event.clientY);
  };

  const template = { "--columns": gridTemplate(columns, selecting) } as CSSProperties;
  const allSelected = selecting && selection.digests.size >= total ? "on" : selecting ? "some" : "off";
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
    <div
      ref={gridRef}
      role="grid"
      tabIndex={0}
      data-list
      data-pane-focus
      data-selecting={selecting || undefined}
      data-unread={summary === undefined || undefined}
      aria-label={props.label}
      aria-rowcount={places.count + 1}
      aria-colcount={columns.length + (selecting ? 1 : 0)}
      aria-multiselectable
      aria-busy={rows.stale || summary === undefined || undefined}
      aria-activedescendant={summary !== undefined && total > 0 ? rowId(cursor) : undefined}
      className={classes.grid}
      style={template}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
      onPointerDown={(event) => {
        const index = indexOf(event.target);
        if (index !== null) props.onGrab(index, event);
      }}
      onPointerOver={(event) => nameCell(event.target, rowAt, format)}
    >
      <GridHead
        columns={columns}
        sorted={props.sorted}
        selecting={selecting}
        selected={allSelected}
        onSort={props.onSort}
        onResize={props.onResize}
        onSelectAll={props.onSelectAll}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const index = rowOfPlace(places, item.index);
          const top = item.start - headHeight;
          if (index === null) return <Divider key="divider" top={top} place={item.index} columns={columns.length} />;
          const row = rowAt(index);
          const chosen =
            row !== undefined &&
            (row.digest === null
              ? !selecting && index === cursor
              : selecting
                ? selection.digests.has(row.digest)
                : row.digest === shownDigest);
          return (
            <VersionRowView
              key={item.index % items.length}
              id={rowId(index)}
              index={index}
              place={item.index}
              top={top}
              row={row}
              columns={columns}
              context={context}
              shaped={summary === undefined}
              selecting={selecting}
              selected={chosen}
              cursor={index === cursor}
              onPress={props.onPress}
              onOpen={props.onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The place of the row that something is in; null: in none. */
function indexOf(target: EventTarget): number | null {
  const id = target instanceof Element ? target.closest("[role=row]")?.id : undefined;
  return id?.startsWith(rowPrefix) ? Number(id.slice(rowPrefix.length)) : null;
}

/** The full text of a cell, put on it when the pointer comes: thousands of cells pass by that nobody asks. */
function nameCell(target: EventTarget, rowAt: (index: number) => VersionRow | undefined, format: Format): void {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[role=gridcell][data-column]") : null;
  const index = Number(cell?.closest("[role=row]")?.id.slice(rowPrefix.length));
  const row = rowAt(index);
  if (cell?.dataset.column === undefined || row === undefined) return;
  cell.title = cellTitle(cell.dataset.column, row, format);
}

/** Always as many places, so that each element that leaves the view at one edge is used again at the other. */
function constantRange({ startIndex, endIndex, count }: Range): number[] {
  const length = Math.min(count, roundedUp(endIndex - startIndex + 2) + 2 * overscan);
  const first = Math.max(0, Math.min(startIndex - overscan, count - length));
  return Array.from({ length }, (_, position) => first + position);
}

/** Windows of nearly the same height draw the same number of rows. */
function roundedUp(rows: number): number {
  return Math.ceil(rows / 4) * 4;
}

function Divider({ top, place, columns }: { top: number; place: number; columns: number }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    <div role="row" aria-rowindex={place + 2} className={classes.divider} style={{ top }}>
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop */}
      <span role="gridcell" aria-colspan={columns}>
        Other tags, newest first
      </span>
    </div>
  );
}

const rowPrefix = "version-row-";

function rowId(index: number): string {
  return `${rowPrefix}${index}`;
}
