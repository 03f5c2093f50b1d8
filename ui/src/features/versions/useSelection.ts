/** What is chosen and where the cursor stands, in one repository. */
import { notifications } from "@mantine/notifications";
import { useCallback, useRef, useState } from "react";
import { formatCount } from "../../shared/format";
import { nothingSelected, ranged, rangeOf, type Selection, selectionLimit, toggled } from "./selection";
import type { VersionRows } from "./useVersionRows";
import type { RowPress } from "./VersionRowView";
import type { GridMove } from "./VersionsGrid";

interface SelectionActions {
  selection: Selection;
  cursor: number;
  setCursor: (index: number) => void;
  move: (move: GridMove) => void;
  press: (press: RowPress) => void;
  toggle: (index: number) => void;
  selectAll: () => void;
  clear: () => void;
}

interface SelectionOptions {
  rows: VersionRows;
  /** The cursor came to a row by the arrows. */
  onCursor: (digest: string) => void;
  /** A row was pressed alone. */
  onPick: (digest: string) => void;
}

export function useSelection({ rows, onCursor, onPick }: SelectionOptions): SelectionActions {
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const [cursor, setCursor] = useState(0);
  const turn = useRef(0);
  const { rowAt, rowsBetween, summary } = rows;
  const total = summary?.total ?? 0;

  const selectRange = useCallback(
    async (anchor: number, index: number) => {
      turn.current += 1;
      const mine = turn.current;
      const { from, to } = rangeOf(anchor, index);
      const found = await rowsBetween(from, to);
      // A newer range was drawn meanwhile.
      if (mine !== turn.current) return;
      const digests = found.map((row) => row.digest).filter((digest) => digest !== null);
      setSelection(ranged(anchor, digests));
      if (Math.abs(index - anchor) >= selectionLimit) {
        notifications.show({ message: `At most ${formatCount(selectionLimit)} versions can be selected at once` });
      }
    },
    [rowsBetween],
  );

  const move = ({ index, extend }: GridMove) => {
    const anchor = selection.anchor ?? cursor;
    setCursor(index);
    if (extend) void selectRange(anchor, index);
    else if (selection.digests.size === 0) {
      const digest = rowAt(index)?.digest;
      if (digest) onCursor(digest);
    }
  };
  const toggle = (index: number) => {
    const digest = rowAt(index)?.digest;
    if (digest) setSelection((before) => toggled(before, digest, index));
  };
  const press = useCallback(
    ({ index, digest, toggle: adds, range }: RowPress) => {
      setCursor((before) => {
        if (range) void selectRange(selection.anchor ?? before, index);
        return index;
      });
      if (range) return;
      if (!adds) setSelection(nothingSelected);
      else if (digest !== null) setSelection((before) => toggled(before, digest, index));
      if (!adds && digest !== null) onPick(digest);
    },
    [selection.anchor, selectRange, onPick],
  );
  const clear = useCallback(() => {
    turn.current += 1;
    setSelection(nothingSelected);
    const digest = rowAt(cursor)?.digest;
    if (digest) onCursor(digest);
  }, [rowAt, cursor, onCursor]);
  const selectAll = () => (selection.digests.size >= Math.min(total, selectionLimit) ? clear() : void selectRange(0, total - 1));
  return { selection, cursor, setCursor, move, press, toggle, selectAll, clear };
}
