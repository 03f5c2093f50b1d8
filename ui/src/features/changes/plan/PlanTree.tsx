/** A plan as a virtual tree: one tab stop, arrows move, Left and Right close and open. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { ChannelSetting } from "../../../ipc";
import { ChannelMarks } from "./PlanCells";
import { PlanRowView } from "./PlanRowView";
import classes from "./PlanTree.module.css";
import { heightOf, isPassed, type PlanRow, parentOf } from "./planRows";

interface PlanTreeProps {
  label: string;
  rows: readonly PlanRow[];
  channels: readonly ChannelSetting[];
  onToggle: (key: string, open: boolean) => void;
  /** Reads again what could not be read; null: not now. */
  onRetry: (() => void) | null;
}

export function PlanTree({ label, rows, channels, onToggle, onRetry }: PlanTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [cursorKey, setCursorKey] = useState<string | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows[index]),
    overscan: 12,
  });
  // Heights depend on what stands where.
  useEffect(() => {
    if (rows.length > 0) virtual.measure();
  }, [virtual, rows]);
  const cursor = Math.max(
    0,
    rows.findIndex((row) => row.key === cursorKey),
  );
  const marks = useMemo(() => new Map(channels.map((channel) => [channel.name, channel.mark])), [channels]);
  const rowId = (index: number) => `${id}-${index}`;

  const moveTo = (wanted: number, direction: number) => {
    let index = Math.min(rows.length - 1, Math.max(0, wanted));
    while (isPassed(rows[index]) && rows[index + direction] !== undefined) index += direction;
    const row = rows[index];
    if (row === undefined || isPassed(row)) return;
    setCursorKey(row.key);
    virtual.scrollToIndex(index, { align: "auto" });
  };
  const toggle = (row: PlanRow | undefined) => {
    if (row?.open !== undefined) onToggle(row.key, !row.open);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[cursor];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / 22) - 2);
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(cursor + 1, 1),
      j: () => moveTo(cursor + 1, 1),
      ArrowUp: () => moveTo(cursor - 1, -1),
      k: () => moveTo(cursor - 1, -1),
      Home: () => moveTo(0, 1),
      End: () => moveTo(rows.length - 1, -1),
      PageDown: () => moveTo(cursor + page, 1),
      PageUp: () => moveTo(cursor - page, -1),
      Enter: () => (row?.type === "unread" && row.open === undefined ? onRetry?.() : toggle(row)),
      " ": () => toggle(row),
      ArrowRight: () => (row?.open === false ? toggle(row) : row?.open ? moveTo(cursor + 1, 1) : undefined),
      ArrowLeft: () => (row?.open ? toggle(row) : moveTo(parentOf(rows, cursor), -1)),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  return (
    <div
      ref={scroller}
      role="treegrid"
      aria-label={label}
      aria-rowcount={rows.length}
      aria-activedescendant={rows.length > 0 ? rowId(cursor) : undefined}
      tabIndex={0}
      data-list
      data-pane-focus
      className={classes.scroller}
      onKeyDown={onKeyDown}
    >
      <ChannelMarks value={marks}>
        {/* biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all */}
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <PlanRowView
                key={row.key}
                id={rowId(item.index)}
                row={row}
                place={item.index + 1}
                top={item.start}
                cursor={item.index === cursor}
                onRetry={onRetry}
                onPress={(pressed) => {
                  setCursorKey(pressed.key);
                  toggle(pressed);
                }}
              />
            );
          })}
        </div>
      </ChannelMarks>
    </div>
  );
}
