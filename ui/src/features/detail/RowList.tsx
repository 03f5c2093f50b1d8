/** A list of rows with one tab stop: arrows or J and K move over them, Enter or a click acts on one. */
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import classes from "./RowList.module.css";

interface RowListProps<T> {
  label: string;
  items: readonly T[];
  /** Unique among the items. */
  keyOf: (item: T, position: number) => string;
  children: (item: T) => ReactNode;
  selected?: (item: T) => boolean;
  /** Several rows can be selected at a time. */
  multiple?: boolean;
  titleOf?: (item: T) => string | undefined;
  onAct?: ((item: T) => void) | undefined;
  /** The row under the pointer or the keyboard, with a point beside it; null when both have left. */
  onPoint?: (item: T | null, x: number, y: number) => void;
}

export function RowList<T>({ label, items, keyOf, children, selected, multiple, titleOf, onAct, onPoint }: RowListProps<T>) {
  const id = useId();
  const [focused, setFocused] = useState(false);
  const [last, setLast] = useState(0);
  const current = Math.min(last, items.length - 1);
  const active = focused && items.length > 0 ? current : null;
  const rowId = (position: number) => `${id}-${position}`;

  const point = (position: number) => {
    const item = items[position];
    const row = document.getElementById(rowId(position));
    if (item === undefined || row === null) return;
    row.scrollIntoView({ block: "nearest" });
    const place = row.getBoundingClientRect();
    onPoint?.(item, place.left, place.bottom);
  };
  const move = (position: number) => {
    const next = Math.max(0, Math.min(items.length - 1, position));
    setLast(next);
    point(next);
  };
  const act = (position: number) => {
    const item = items[position];
    if (item !== undefined) onAct?.(item);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = { ArrowDown: current + 1, j: current + 1, ArrowUp: current - 1, k: current - 1, Home: 0, End: items.length - 1 }[
      event.key
    ];
    if (target !== undefined) move(target);
    else if (onAct && (event.key === "Enter" || event.key === " ")) act(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      role="listbox"
      aria-multiselectable={multiple || undefined}
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={active === null ? undefined : rowId(active)}
      className={classes.list}
      data-list
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        setFocused(event.currentTarget.matches(":focus-visible"));
        if (event.currentTarget.matches(":focus-visible")) point(current);
      }}
      onBlur={() => {
        setFocused(false);
        onPoint?.(null, 0, 0);
      }}
    >
      {items.map((item, position) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, one tab stop for all rows
        <div
          key={keyOf(item, position)}
          id={rowId(position)}
          role="option"
          tabIndex={-1}
          aria-selected={selected?.(item) ?? false}
          className={classes.row}
          data-active={position === active || undefined}
          data-acts={onAct !== undefined || undefined}
          title={titleOf?.(item)}
          onClick={() => {
            setLast(position);
            act(position);
          }}
          onPointerEnter={(event) => onPoint?.(item, event.clientX, event.clientY)}
          onPointerLeave={() => onPoint?.(null, 0, 0)}
        >
          {children(item)}
        </div>
      ))}
    </div>
  );
}
