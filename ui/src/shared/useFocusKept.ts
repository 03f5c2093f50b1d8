/** When a dialog closes and what had the focus before it is gone (an item of a menu, a banner's button), a list takes it. */
import { useDidUpdate, useTimeout } from "@mantine/hooks";

/** Mantine returns the focus to the element that had it within this time. */
const afterReturn = 60;

export function useFocusKept(opened: boolean): void {
  // Forgotten when its page goes: then there is no list to give the focus to.
  const { start } = useTimeout(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>("[data-list]")?.focus({ preventScroll: true });
  }, afterReturn);
  useDidUpdate(() => {
    if (!opened) start();
  }, [opened]);
}
