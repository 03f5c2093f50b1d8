/** What the status bar says about the table: how many are chosen, and what its sizes count. */
import { formatCount } from "../shared/format";

export function statusNotes(selected: number, sizeCounts: string | undefined): string[] {
  const notes: string[] = [];
  if (selected > 0) notes.push(`${formatCount(selected)} selected: Space, Shift+arrows`);
  if (sizeCounts) notes.push(selected > 1 ? `Sizes: rows ${sizeCounts}; sums each blob once, all platforms` : `Sizes: ${sizeCounts}`);
  return notes;
}
