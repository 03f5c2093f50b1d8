/** Rows of versions that are dragged onto the tray, with the pointer alone: a web view's own dragging differs by system. */
import type { PointerEvent } from "react";
import { createStore } from "../../shared/store";
import type { VersionAddress } from "../detail/detailQueries";
import { addToTray } from "./tray";

interface Dragged {
  versions: readonly VersionAddress[];
  x: number;
  y: number;
  /** The pointer is over the tray. */
  over: boolean;
}

const store = createStore<Dragged | null>(null);

export const useDragged = store.use;

/** Pixels that the pointer moves before it is a drag and no click. */
const least = 6;

/** Follows a pointer that was pressed on a row until it is let go. `versions` is asked for when it moves. */
export function followDrag(pressed: PointerEvent, versions: () => readonly VersionAddress[]): void {
  if (pressed.button !== 0 || pressed.pointerType === "touch") return;
  const { clientX, clientY } = pressed;
  const moved = (event: globalThis.PointerEvent) => {
    const before = store.get();
    if (before === null && Math.hypot(event.clientX - clientX, event.clientY - clientY) < least) return;
    const dragged = before?.versions ?? versions();
    if (dragged.length === 0) return end();
    store.put({ versions: dragged, x: event.clientX, y: event.clientY, over: isOverTray(event) });
  };
  const dropped = (event: globalThis.PointerEvent) => {
    const dragged = store.get();
    end();
    if (dragged !== null && isOverTray(event)) addToTray(dragged.versions);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || store.get() === null) return;
    event.preventDefault();
    event.stopPropagation();
    end();
  };
  const end = () => {
    window.removeEventListener("pointermove", moved);
    window.removeEventListener("pointerup", dropped);
    window.removeEventListener("pointercancel", end);
    window.removeEventListener("keydown", key, true);
    if (store.get() !== null) store.put(null);
  };
  window.addEventListener("pointermove", moved);
  window.addEventListener("pointerup", dropped);
  window.addEventListener("pointercancel", end);
  window.addEventListener("keydown", key, true);
}

function isOverTray({ clientX, clientY }: globalThis.PointerEvent): boolean {
  return document.elementFromPoint(clientX, clientY)?.closest("[data-tray]") != null;
}
