/** Which pages of a long list have to be read: those that hold what is in view, once somebody stays there. */
import { useCallback, useEffect, useRef, useState } from "react";

/** While somebody scrolls fast, only places where he stays this long are read. */
const settleMilliseconds = 50;
/** A page is read this many rows before its first one comes into view. */
const rowsAhead = 50;

export interface PagesInView {
  pages: readonly number[];
  /** Tells which rows are in view. Costs nothing while their pages stay the same. */
  look: (from: number, to: number) => void;
}

/** `firstPage`: the pages before it are always there, so they are never among these. */
export function usePagesInView(total: number, pageSize: number, firstPage = 0): PagesInView {
  const [pages, setPages] = useState<readonly number[]>([]);
  const wanted = useRef("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const look = useCallback(
    (from: number, to: number) => {
      const next = pagesNear(from, to, total, pageSize, firstPage);
      const text = next.join(" ");
      if (text === wanted.current) return;
      wanted.current = text;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setPages(next), settleMilliseconds);
    },
    [total, pageSize, firstPage],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  return { pages, look };
}

/** Pages that hold these rows or those just beyond them. */
export function pagesNear(from: number, to: number, total: number, pageSize: number, firstPage = 0): number[] {
  const pages: number[] = [];
  const last = Math.floor(Math.min(total - 1, to + rowsAhead) / pageSize);
  for (let page = Math.max(firstPage, Math.floor((from - rowsAhead) / pageSize)); page <= last; page += 1) pages.push(page);
  return pages;
}
