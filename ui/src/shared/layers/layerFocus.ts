import { createStore } from "../store";

/**
 * Which layer is under the pointer. One rule in one style sheet outlines the same digest everywhere and dims the others,
 * so that no list has to draw itself again; only the name that floats beside the pointer is drawn by React.
 */
interface LayerFocus {
  digest: string;
  /** One line: digest, size, command, in how many versions. */
  text: string;
  x: number;
  y: number;
}

const store = createStore<LayerFocus | null>(null);
let sheet: CSSStyleSheet | null = null;

export function focusLayer(next: LayerFocus | null): void {
  if (next?.digest !== store.get()?.digest) applyRule(next?.digest ?? null);
  store.put(next);
}

export const useLayerFocus = store.use;

function applyRule(digest: string | null): void {
  if (!("adoptedStyleSheets" in document)) return;
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  const name = digest === null ? "" : CSS.escape(digest);
  sheet.replaceSync(
    digest === null
      ? ""
      : `[data-layer]{opacity:var(--layer-dim,.35)}[data-layer="${name}"]{opacity:1;outline:1.5px solid var(--b-text);outline-offset:0;z-index:1;position:relative}`,
  );
}
