/** Whether the palette is open, and with what text it opened. */
import { useSyncExternalStore } from "react";

interface PaletteState {
  opened: boolean;
  /** What stands in its field when it opens. */
  text: string;
}

let state: PaletteState = { opened: false, text: "" };
const listeners = new Set<() => void>();

function put(next: PaletteState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function openPalette(text = ""): void {
  put({ opened: true, text });
}

export function closePalette(): void {
  put({ ...state, opened: false });
}

export function usePaletteState(): PaletteState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
