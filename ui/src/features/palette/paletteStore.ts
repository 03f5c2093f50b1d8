/** Whether the palette is open, and with what text it opened. */
import { createStore } from "../../shared/store";

interface PaletteState {
  opened: boolean;
  /** What stands in its field when it opens. */
  text: string;
}

const store = createStore<PaletteState>({ opened: false, text: "" });

/** What had the focus before; it gets it back. */
let before: Element | null = null;

export function openPalette(text = ""): void {
  if (!store.get().opened) before = document.activeElement;
  store.put({ opened: true, text });
}

export function closePalette(): void {
  store.put({ ...store.get(), opened: false });
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}

export const usePaletteState = store.use;
