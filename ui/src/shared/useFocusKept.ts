/** When a dialog closes and what had the focus before it is gone (an item of a menu, a banner's button), a list takes it. */
import { useEffect } from "react";

/** Mantine returns the focus to the element that had it within this time. */
const afterReturn = 60;

export function useFocusKept(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    return () => {
      setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        document.querySelector<HTMLElement>("[data-list]")?.focus({ preventScroll: true });
      }, afterReturn);
    };
  }, [opened]);
}
