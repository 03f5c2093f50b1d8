/** Where the window is, and how it goes elsewhere. The address is the only store. */
import { useMemo, useSyncExternalStore } from "react";
import { formatRoute, parseRoute, type Route } from "./route";

export type { Route } from "./route";

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
  };
}

/** Goes to a view and keeps the last one for "back". */
export function go(route: Route): void {
  if (formatRoute(route) !== window.location.hash) window.location.hash = formatRoute(route);
}

/** Changes the address without a step of its own: moving over rows is no journey. */
export function replace(route: Route): void {
  window.history.replaceState(window.history.state, "", formatRoute(route));
  window.dispatchEvent(new PopStateEvent("popstate"));
}

export function back(): void {
  window.history.back();
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}
