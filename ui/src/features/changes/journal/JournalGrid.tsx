/** The changes by day, newest first: virtual rows, one tab stop, read page by page while somebody goes down. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from "react";
import type { ChannelSetting, ConnectionInfo, JournalEntry } from "../../../ipc";
import classes from "./Journal.module.css";
import { JournalRowView } from "./JournalRowView";
import { itemsOf } from "./journalItems";

const headHeight = 27;
const rowHeight = 30;
const dayHeight = 26;
/** Rows before the end at which the next page is asked for. */
const ahead = 30;
const columns: readonly { id: string; label: string; hint?: string }[] = [
  { id: "time", label: "Time" },
  { id: "kind", label: "Kind" },
  { id: "what", label: "What" },
  { id: "repository", label: "Repository" },
  { id: "where", label: "Where" },
  { id: "bytes", label: "Bytes", hint: "Moved, or with a minus freed" },
  { id: "state", label: "State" },
];

interface JournalGridProps {
  entries: readonly JournalEntry[];
  /** How many there are, also of those not read yet. */
  total: number;
  connections: readonly ConnectionInfo[];
  channels: readonly ChannelSetting[];
  cursor: number;
  openedId: string | null;
  busy: boolean;
  onMove: (index: number) => void;
  onOpen: (index: number) => void;
  onEscape: () => void;
  onMore: () => void;
}

export function JournalGrid(props: JournalGridProps) {
  const { entries, cursor, onMove, onOpen, onMore } = props;
  const grid = useRef<HTMLDivElement>(null);
  const items = useMemo(() => itemsOf(entries), [entries]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => grid.current,
    estimateSize: (place) => (items[place]?.kind === "day" ? dayHeight : rowHeight),
    overscan: 10,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight + dayHeight,
  });
  // Heights depend on where the days begin.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the items decide
  useEffect(() => virtual.measure(), [virtual, items]);
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - ahead) onMore();
  }, [last, items.length, onMore]);
  useEffect(() => grid.current?.focus({ preventScroll: true }), []);

  const moveTo = (index: number) => {
    const target = Math.min(entries.length - 1, Math.max(0, index));
    const place = items.findIndex((item) => item.kind === "entry" && item.index === target);
    virtual.scrollToIndex(place, { align: "auto" });
    if (target >= entries.length - ahead) onMore();
    onMove(target);
  };
  const press = useCallback((index: number) => onOpen(index), [onOpen]);
  const pageRows = Math.max(1, Math.floor(((grid.current?.clientHeight ?? 600) - headHeight) / rowHeight) - 2);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(cursor + 1),
      ArrowUp: () => moveTo(cursor - 1),
      j: () => moveTo(cursor + 1),
      k: () => moveTo(cursor - 1),
      Home: () => moveTo(0),
      End: () => moveTo(entries.length - 1),
      PageDown: () => moveTo(cursor + pageRows),
      PageUp: () => moveTo(cursor - pageRows),
      Enter: () => onOpen(cursor),
      Escape: props.onEscape,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
    <div
      ref={grid}
      role="grid"
      tabIndex={0}
      data-list
      data-pane-focus
      aria-label="Changes"
      aria-rowcount={props.total + 1}
      aria-colcount={columns.length}
      aria-busy={props.busy || undefined}
      aria-activedescendant={entries.length > 0 ? rowId(cursor) : undefined}
      className={classes.grid}
      onKeyDown={onKeyDown}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div role="rowgroup" className={classes.head}>
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to press in it */}
        <div role="row" aria-rowindex={1} className={classes.headRow}>
          {columns.map(({ id, label, hint }) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: nothing to press in it
            <div key={id} role="columnheader" className={classes.headCell} data-column={id} title={hint}>
              {label}
            </div>
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {drawn.map((place) => {
          const item = items[place.index];
          const top = place.start - headHeight;
          if (item === undefined) return null;
          if (item.kind === "day") return <Day key={item.name} name={item.name} top={top} />;
          return (
            <JournalRowView
              key={item.entry.id}
              id={rowId(item.index)}
              place={item.index + 2}
              top={top}
              entry={item.entry}
              index={item.index}
              connections={props.connections}
              channels={props.channels}
              selected={item.entry.id === props.openedId || (props.openedId === null && item.index === cursor)}
              cursor={item.index === cursor}
              onPress={press}
            />
          );
        })}
      </div>
    </div>
  );
}

function Day({ name, top }: { name: string; top: number }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    <div role="row" className={classes.day} style={{ top }}>
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of rows, not a table element */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop */}
      <span role="gridcell" aria-colspan={columns.length}>
        {name}
      </span>
    </div>
  );
}

function rowId(index: number): string {
  return `journal-row-${index}`;
}
