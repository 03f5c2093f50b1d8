/** The rows of the journal: entries with a heading for each day. Pure. */
import type { JournalEntry } from "../../../ipc";
import { dayOf, formatLongDay } from "../../../shared/format";

export type JournalItem = { kind: "day"; name: string } | { kind: "entry"; entry: JournalEntry; index: number };

/** Entries come newest first; the first day of each year names it. */
export function itemsOf(entries: readonly JournalEntry[]): JournalItem[] {
  const items: JournalItem[] = [];
  let day = "";
  let year = "";
  for (const [index, entry] of entries.entries()) {
    const next = dayOf(entry.started);
    if (next !== day) {
      items.push({ kind: "day", name: formatLongDay(entry.started, next.slice(0, 4) !== year) });
      day = next;
      year = next.slice(0, 4);
    }
    items.push({ kind: "entry", entry, index });
  }
  return items;
}
