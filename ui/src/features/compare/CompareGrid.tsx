/** Versions beside each other, one column each: virtual rows, one tab stop, a cursor whose value can be copied. */
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Comparison } from "../../ipc";
import { copyText } from "../../shared/clipboard";
import { useFormat } from "../../shared/format";
import { focusLayer } from "../../shared/layers";
import classes from "./CompareGrid.module.css";
import { CompareHead, type HeadLines, headHeight } from "./CompareHead";
import { CompareRowView, cellId, layerText, type RowContext } from "./CompareRowView";
import { copiedText } from "./cells";
import { type CompareRow, heightOf, holdersOf, type SectionId } from "./sections";
import type { ComparedFiles } from "./useComparedFiles";

export interface GridHandle {
  /** Brings a section to the top. */
  show: (section: SectionId) => void;
}

interface CompareGridProps {
  handle: Ref<GridHandle>;
  comparison: Comparison;
  rows: readonly CompareRow[];
  lines: HeadLines;
  onTakeOut: (place: number) => void;
  onPlatform: (place: number, platform: string) => void;
  /** The section at the top is another now. */
  onSection: (section: SectionId | null) => void;
  contents: GridContents;
}

/** What is inside the versions, as far as it is known. */
export interface GridContents extends Pick<ComparedFiles, "rowAt" | "look"> {
  /** In place of packages and files that were not read. */
  unread: ReactNode;
  /** Beside the heading of the files. */
  filter: ReactNode;
}

const labelWidth = 204;
/** Narrower than this no column gets: the page scrolls sideways instead. */
const leastColumn = 236;

export function CompareGrid({ handle, comparison, rows, lines, onTakeOut, onPlatform, onSection, contents }: CompareGridProps) {
  const format = useFormat();
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const gridRef = useMergedRef(sizeRef, scroll);
  const count = comparison.versions.length;
  const head = headHeight(lines);
  const context = useMemo(() => contextOf(comparison, format), [comparison, format]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => heightAt(rows, index),
    overscan: 12,
    scrollMargin: head,
    scrollPaddingStart: head,
  });
  // Heights depend on which rows there are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows decide
  useEffect(() => virtual.measure(), [virtual, rows]);

  // Nobody has moved it yet: then it is not drawn.
  const [moved, setMoved] = useState<{ row: number; column: number } | null>(null);
  const cursor = { row: nearestCell(rows, moved?.row ?? 0, 1), column: Math.min(moved?.column ?? 0, count - 1) };
  const rowId = (index: number) => `compare-row-${index}`;
  const moveTo = (row: number, column: number, step: 1 | -1) => {
    const target = { row: nearestCell(rows, row, step), column: Math.max(0, Math.min(count - 1, column)) };
    setMoved(target);
    virtual.scrollToIndex(target.row, { align: "auto" });
    revealColumn(scroll.current, target.column, count, width);
  };
  const copy = (row: number, column: number) => {
    const found = filled(rows[row], contents);
    const value = found === undefined ? null : copiedText(found, comparison, column, format.bytes);
    if (value !== null) void copyText(value, found?.kind === "layers" ? "Digest copied" : "Value copied");
  };

  const sections = useMemo(() => startsOf(rows), [rows]);
  const chosen = useRef<SectionId | null>(null);
  const tellSection = () => {
    const at = scroll.current;
    if (at === null) return;
    const top = sections.findLast(({ start }) => start <= at.scrollTop + 1)?.id ?? sections[0]?.id ?? null;
    // What cannot come to the top, because nothing follows below, is still what somebody went to.
    const went = sections.find(
      ({ id, start }) => id === chosen.current && start >= at.scrollTop && start < at.scrollTop + at.clientHeight - head,
    );
    const atEnd = at.scrollTop + at.clientHeight >= at.scrollHeight - 1;
    if (!went || !atEnd) chosen.current = null;
    onSection(went && atEnd ? went.id : top);
  };
  useImperativeHandle(handle, () => ({
    show: (section) => {
      const found = sections.find(({ id }) => id === section);
      if (found === undefined || scroll.current === null) return;
      scroll.current.scrollTop = found.start;
      chosen.current = section;
      setMoved((before) => ({ column: before?.column ?? 0, row: found.index }));
      tellSection();
    },
  }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows may bring another section to the top
  useEffect(tellSection, [rows]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const command = event.ctrlKey || event.metaKey;
    if (command ? event.key.toLowerCase() === "c" : event.key === "Enter") {
      event.preventDefault();
      copy(cursor.row, cursor.column);
      return;
    }
    if (command) return;
    const page = Math.max(1, Math.floor(((scroll.current?.clientHeight ?? 600) - head) / 22) - 1);
    // The first arrow shows where the cursor is.
    const one = moved === null ? 0 : 1;
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(cursor.row + one, cursor.column, 1),
      ArrowUp: () => moveTo(cursor.row - one, cursor.column, -1),
      j: () => moveTo(cursor.row + one, cursor.column, 1),
      k: () => moveTo(cursor.row - one, cursor.column, -1),
      ArrowRight: () => moveTo(cursor.row, cursor.column + one, 1),
      ArrowLeft: () => moveTo(cursor.row, cursor.column - one, 1),
      PageDown: () => moveTo(cursor.row + page, cursor.column, 1),
      PageUp: () => moveTo(cursor.row - page, cursor.column, -1),
      Home: () => moveTo(0, cursor.column, 1),
      End: () => moveTo(rows.length - 1, cursor.column, -1),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  const placeOf = (target: EventTarget) => {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[role=gridcell][data-column]") : null;
    const row = cell?.closest("[role=row]")?.id.slice(rowId(0).length - 1);
    return cell === null || row === undefined ? null : { row: Number(row), column: Number(cell.dataset.column) };
  };
  const onClick = (event: MouseEvent) => {
    const place = placeOf(event.target);
    if (place === null) return;
    setMoved(place);
    if (event.target instanceof Element && event.target.closest("[data-copy]")) {
      scroll.current?.focus({ preventScroll: true });
      copy(place.row, place.column);
    }
  };
  const onPointerOver = (event: PointerEvent) => {
    const place = placeOf(event.target);
    const row = place === null ? undefined : rows[place.row];
    // The bar of all layers names its segments itself.
    if (row?.kind === "scale") return;
    const layer = row?.kind === "layers" && place !== null ? (row.row.layers[place.column] ?? null) : null;
    focusLayer(layer === null ? null : { digest: layer.digest, text: layerText(layer, context), x: event.clientX, y: event.clientY });
  };
  const inner = {
    "--columns": `${labelWidth}px repeat(${count}, minmax(0, 1fr))`,
    minWidth: labelWidth + count * leastColumn,
    "--grid-width": `${width}px`,
  } as CSSProperties;
  const items = virtual.getVirtualItems();
  const files = items.flatMap(({ index }) => (rows[index]?.kind === "files" ? [rows[index].place] : []));
  const [firstFile, lastFile] = [files[0], files.at(-1)];
  const { look } = contents;
  useEffect(() => {
    if (firstFile !== undefined && lastFile !== undefined) look(firstFile, lastFile);
  }, [firstFile, lastFile, look]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
    <div
      ref={gridRef}
      role="grid"
      tabIndex={0}
      data-list
      data-pane
      data-pane-focus
      aria-label="Comparison"
      aria-rowcount={rows.length + 1}
      aria-colcount={count + 1}
      aria-activedescendant={cellId(rowId(cursor.row), cursor.column)}
      className={classes.grid}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onPointerOver={onPointerOver}
      onPointerLeave={() => focusLayer(null)}
      onScroll={tellSection}
    >
      <div className={classes.inner} style={inner} role="presentation">
        <CompareHead versions={comparison.versions} lines={lines} onTakeOut={onTakeOut} onPlatform={onPlatform} />
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = filled(rows[index], contents);
            return row === undefined ? null : (
              <CompareRowView
                key={index}
                id={rowId(index)}
                place={index}
                top={start - head}
                height={heightOf(row)}
                row={row}
                context={context}
                cursor={moved !== null && index === cursor.row ? cursor.column : null}
                extra={extraOf(row, contents)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** With the file that stands there, if it was read. */
function filled(row: CompareRow | undefined, { rowAt }: GridContents): CompareRow | undefined {
  return row?.kind === "files" ? (rowAt(row.place) ?? row) : row;
}

function extraOf(row: CompareRow, { unread, filter }: GridContents): ReactNode {
  if (row.kind === "unread") return unread;
  return row.kind === "section" && row.section.id === "files" && row.section.instead === undefined ? filter : null;
}

function contextOf(comparison: Comparison, format: RowContext["format"]): RowContext {
  const cells = comparison.layers.flatMap((row) => row.layers.filter((layer) => layer !== null));
  const totals = comparison.versions.map((_, place) =>
    comparison.layers.reduce((sum, row) => sum + (row.layers[place]?.sizeBytes ?? 0), 0),
  );
  return {
    comparison,
    format,
    holders: holdersOf(comparison),
    largestLayer: cells.reduce((most, layer) => Math.max(most, layer.sizeBytes), 0),
    largestVersion: Math.max(0, ...totals),
  };
}

function heightAt(rows: readonly CompareRow[], index: number): number {
  const row = rows[index];
  return row === undefined ? 0 : heightOf(row);
}

/** The sections, with the pixels of what stands above each. */
function startsOf(rows: readonly CompareRow[]): { id: SectionId; index: number; start: number }[] {
  const sections: { id: SectionId; index: number; start: number }[] = [];
  let start = 0;
  for (const [index, row] of rows.entries()) {
    if (row.kind === "section") sections.push({ id: row.section.id, index, start });
    start += heightOf(row);
  }
  return sections;
}

/** The row itself, or where it has no cells the next that has. */
function nearestCell(rows: readonly CompareRow[], index: number, step: 1 | -1): number {
  const has = (place: number) => rows[place] !== undefined && rows[place].kind !== "section" && rows[place].kind !== "unread";
  const within = Math.max(0, Math.min(rows.length - 1, index));
  for (let place = within; place >= 0 && place < rows.length; place += step) if (has(place)) return place;
  for (let place = within; place >= 0 && place < rows.length; place -= step) if (has(place)) return place;
  return 0;
}

/** Brings a column beside the labels, which always stay. */
function revealColumn(grid: HTMLDivElement | null, column: number, count: number, width: number): void {
  if (grid === null || count === 0) return;
  const each = Math.max(leastColumn, (width - labelWidth) / count);
  const left = column * each;
  if (left < grid.scrollLeft) grid.scrollLeft = left;
  else if (labelWidth + left + each > grid.scrollLeft + grid.clientWidth) grid.scrollLeft = labelWidth + left + each - grid.clientWidth;
}
