/** The keys 1 to 6 choose a tab, while a list or the version itself has the focus. */
import { useEffect } from "react";
import { type DetailTab, detailTabs } from "./detailTabs";

export function useTabKeys(choose: (tab: DetailTab) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const typing = target?.matches("input:not([type=checkbox]):not([type=radio]), textarea, [contenteditable=true]") ?? false;
      const tab = detailTabs[Number(event.key) - 1];
      if (tab === undefined || typing || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      if (target?.closest("[role=dialog][aria-modal=true]")) return;
      event.preventDefault();
      choose(tab);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [choose]);
}
