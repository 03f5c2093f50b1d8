/** Where the window is, and how it goes elsewhere. The address is the only store. */
import { useMemo, useSyncExternalStore } from "react";
import { formatRoute, parseRoute, type Route, startRoute } from "./route";

export type { Route } from "./route";

/** Views that were gone to and not left again. */
let steps = 0;

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
  if (formatRoute(route) === window.location.hash) return;
  steps += 1;
  window.location.hash = formatRoute(route);
}

/** Changes the address without a step of its own: moving over rows is no journey. */
export function replace(route: Route): void {
  window.history.replaceState(window.history.state, "", formatRoute(route));
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** Where the window was before; a view that was opened first leads to the one that it belongs to. */
export function back(): void {
  if (steps > 0) {
    steps -= 1;
    window.history.back();
    return;
  }
  const route = parseRoute(window.location.hash);
  if (route.page === "version") replace({ ...route, page: "browse" });
  else if (route.page === "plan") replace({ ...route, page: "browse", digest: null });
  else if (route.page === "copy")
    replace({ page: "browse", connectionId: route.connectionId, repository: route.repository, digest: route.digest });
  else if (route.page === "compare") {
    const [first] = route.versions;
    replace(first === undefined ? startRoute : { ...first, page: "browse" });
  } else if (route.page === "settings" || route.page === "journal") replace(startRoute);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}
