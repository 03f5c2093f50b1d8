/** Whether the palette is open, with what text it opened, and whether it goes somewhere or picks a version for somebody. */
import { createStore } from "../../shared/store";

interface Place {
  connectionId: string;
  repository: string;
}

export interface Pick {
  /** The repository whose versions are offered first. */
  within: Place | null;
  /** What is there already, and so is not offered. */
  taken: readonly (Place & { digest: string })[];
  onPick: (version: Place & { digest: string }) => void;
}

interface PaletteState {
  opened: boolean;
  /** What stands in its field when it opens. */
  text: string;
  /** null: what is chosen is opened. */
  pick: Pick | null;
}

const store = createStore<PaletteState>({ opened: false, text: "", pick: null });

/** What had the focus before; it gets it back. */
let before: Element | null = null;

function open(state: Omit<PaletteState, "opened">): void {
  if (!store.get().opened) before = document.activeElement;
  store.put({ opened: true, ...state });
}

export function openPalette(text = ""): void {
  open({ text, pick: null });
}

/** Opens it to choose one version. */
export function pickVersion(pick: Pick): void {
  open({ text: "", pick });
}

export function closePalette(): void {
  store.put({ ...store.get(), opened: false });
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}

export const usePaletteState = store.use;
