/** Esc does the innermost thing that is under way: the last component that asked for it wins; an open dialog comes before all. */
import { useEffect, useRef } from "react";

const asked: (() => void)[] = [];

export function useEscape(handler: () => void, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    const run = () => latest.current();
    asked.push(run);
    if (asked.length === 1) window.addEventListener("keydown", pressed);
    return () => {
      asked.splice(asked.indexOf(run), 1);
      if (asked.length === 0) window.removeEventListener("keydown", pressed);
    };
  }, [enabled]);
}

function pressed(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("[role=dialog]") !== null) return;
  event.preventDefault();
  asked[asked.length - 1]?.();
}
