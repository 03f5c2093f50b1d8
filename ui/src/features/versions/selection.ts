/** Which versions are chosen. Pure: the grid tells what happened, this says what is chosen then. */
export interface Selection {
  digests: ReadonlySet<string>;
  /** Where a range begins: the row that was chosen last without Shift. */
  anchor: number | null;
}

export const nothingSelected: Selection = { digests: new Set(), anchor: null };

/** More than this cannot be chosen at once: sums and commands of so many help nobody. */
export const selectionLimit = 2000;

export function toggled(selection: Selection, digest: string, index: number): Selection {
  const digests = new Set(selection.digests);
  if (!digests.delete(digest) && digests.size < selectionLimit) digests.add(digest);
  return { digests, anchor: index };
}

/** The rows from the anchor to `index` and nothing else, as Shift+arrows do. */
export function ranged(anchor: number, digests: readonly string[]): Selection {
  return { digests: new Set(digests.slice(0, selectionLimit)), anchor };
}

/** Both ends of a range, cut to the limit on the side of the moving end. */
export function rangeOf(anchor: number, index: number): { from: number; to: number } {
  return index >= anchor
    ? { from: anchor, to: Math.min(index, anchor + selectionLimit - 1) }
    : { from: Math.max(index, anchor - selectionLimit + 1), to: anchor };
}
