/** Places in the grid: rows of versions, and one line between the tags of the scheme and the others. */
export const rowHeight = 30;
export const dividerHeight = 26;

export interface Places {
  /** Rows and the divider together. */
  count: number;
  /** The place of the divider, or -1. */
  divider: number;
}

export function placesOf(total: number, otherFrom: number | null): Places {
  const divides = otherFrom !== null && otherFrom > 0 && otherFrom < total;
  return { count: total + (divides ? 1 : 0), divider: divides ? otherFrom : -1 };
}

/** The row at a place; null for the divider. */
export function rowOfPlace(places: Places, place: number): number | null {
  if (places.divider === -1 || place < places.divider) return place;
  return place === places.divider ? null : place - 1;
}

export function placeOfRow(places: Places, row: number): number {
  return places.divider === -1 || row < places.divider ? row : row + 1;
}
