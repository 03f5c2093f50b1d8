/** Brings the cursor to the version that the address names, when it came from elsewhere: back from its page, or from the palette. */
import { useEffect, useState } from "react";
import type { VersionRows } from "./useVersionRows";

/** Rows that are looked through for it; further down it is shown beside the table only. */
const mostRows = 5000;
const rowsAtOnce = 500;

/** The row that is to be scrolled into view; a new object each time. */
export interface Reveal {
  index: number;
}

export function useFollow(rows: VersionRows, digest: string | null, cursor: number, setCursor: (index: number) => void): Reveal | null {
  const [reveal, setReveal] = useState<Reveal | null>(null);
  const known = rows.summary !== undefined && !rows.stale;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new address is followed, not the cursor that moves by itself
  useEffect(() => {
    if (!known || digest === null || rows.rowAt(cursor)?.digest === digest) return;
    let left = false;
    void placeOf(rows, digest).then((index) => {
      if (left || index === null) return;
      setCursor(index);
      setReveal({ index });
    });
    return () => {
      left = true;
    };
  }, [known, digest]);
  return reveal;
}

/** The place of a version, or null where it is not among the first rows. */
export async function placeOf(rows: Pick<VersionRows, "summary" | "rowsBetween">, digest: string): Promise<number | null> {
  const end = Math.min(rows.summary?.total ?? 0, mostRows);
  for (let from = 0; from < end; from += rowsAtOnce) {
    const found = (await rows.rowsBetween(from, Math.min(end, from + rowsAtOnce) - 1)).findIndex((row) => row.digest === digest);
    if (found !== -1) return from + found;
  }
  return null;
}
