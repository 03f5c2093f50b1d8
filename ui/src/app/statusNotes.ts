/** What the status bar says about the table: how many are chosen, and what its sizes count. */
import { formatCount } from "../shared/format";

export function statusNotes(selected: number, sizeCounts: string | undefined, platform: string | null): string[] {
  const notes: string[] = [];
  if (selected > 0) notes.push(`${formatCount(selected)} selected: Space, Shift+arrows`);
  if (sizeCounts) {
    const rows = counted(sizeCounts, platform);
    notes.push(selected > 1 ? `Sizes: rows ${rows}; sums each blob once, all platforms` : `Sizes: ${rows}`);
  }
  return notes;
}

/** With a platform chosen the sizes are of that one; else what the program says of them. */
function counted(sizeCounts: string, platform: string | null): string {
  if (platform !== null) return `compressed, ${platform}`;
  return sizeCounts === "distinct blobs" ? "compressed, each blob once" : sizeCounts;
}
