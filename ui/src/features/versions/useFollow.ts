/** Brings the cursor to the version that the address names, when it came from elsewhere: back from its page, or from the palette. */
import { useEffect, useState } from "react";
import type { VersionRow } from "../../ipc";
import * as ipc from "../../ipc";
import type { VersionRows } from "./useVersionRows";

/** Rows that are looked through for it; further down it is shown beside the table only. */
const mostRows = 100_000;
const rowsAtOnce = 1000;
/** Between two answers, so that whatever a person does meanwhile comes first. */
const pauseMilliseconds = 10;

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
    const search = new AbortController();
    void placeOf(digest, rows, search.signal).then((index) => {
      if (search.signal.aborted || index === null) return;
      setCursor(index);
      setReveal({ index });
    });
    return () => search.abort();
  }, [known, digest]);
  return reveal;
}

/** The place of a version; null where it is not among the rows, or not looked for any longer. The rows that it passes are not kept. */
export async function placeOf(
  digest: string,
  { summary, query }: Pick<VersionRows, "summary" | "query">,
  signal: AbortSignal,
): Promise<number | null> {
  if (summary === undefined) return null;
  const placeIn = (rows: readonly VersionRow[]) => rows.findIndex((row) => row.digest === digest);
  const near = placeIn(summary.rows);
  if (near !== -1) return near;
  const end = Math.min(summary.total, mostRows);
  try {
    for (let from = summary.rows.length; from < end && !signal.aborted; from += rowsAtOnce) {
      const found = placeIn((await ipc.versions(query, from, Math.min(rowsAtOnce, end - from))).rows);
      if (found !== -1) return from + found;
      await new Promise((done) => setTimeout(done, pauseMilliseconds));
    }
  } catch {
    // The rows that are on screen say what is wrong with them.
  }
  return null;
}
