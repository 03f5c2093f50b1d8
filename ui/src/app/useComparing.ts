/** From a repository's versions to their comparison: by key, and by dragging rows onto the tray. */
import type { PointerEvent } from "react";
import { followDrag } from "../features/compare/drag";
import { useCompareKeys } from "../features/compare/useCompareKeys";
import type { VersionRows } from "../features/versions/useVersionRows";

interface Place {
  connectionId: string;
  repository: string;
}

/** `keyed`: what the keys mean. `chosen`: the selection. Gives what happens when the pointer is pressed on a row. */
export function useComparing(place: Place, keyed: readonly string[], chosen: readonly string[], rows: VersionRows) {
  const addresses = (digests: readonly string[]) => digests.map((digest) => ({ ...place, digest }));
  useCompareKeys(addresses(keyed));
  return (index: number, event: PointerEvent) =>
    followDrag(event, () => {
      const own = rows.rowAt(index)?.digest;
      if (!own) return [];
      return addresses(chosen.includes(own) ? chosen : [own]);
    });
}
