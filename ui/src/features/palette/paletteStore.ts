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

/** What had the focus before; it gets it back. */
let before: Element | null = null;

export function openPalette(text = ""): void {
  if (!state.opened) before = document.activeElement;
  put({ opened: true, text });
}

export function closePalette(): void {
  put({ ...state, opened: false });
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
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
