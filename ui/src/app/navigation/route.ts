/** Addresses of views: what is on screen has an address in the URL's hash, so that back, forward and reload work. */
import { type CompareRoute, formatCompare, parseCompare } from "./compareRoute";

export type Route =
  | { page: "browse"; connectionId: string | null; repository: string | null; digest: string | null }
  | { page: "version"; connectionId: string; repository: string; digest: string; tab: string }
  /** The plan of a clean-up, or of what was chosen by hand. */
  | { page: "plan"; connectionId: string; repository: string; change: "prune" | "delete" }
  /** A version on its way to another repository; `by` a route, or to where somebody says. */
  | { page: "copy"; change: "copy" | "promote"; connectionId: string; repository: string; digest: string; by: string | null }
  | CompareRoute
  /** `id`: the change that is opened. */
  | { page: "journal"; id: string | null }
  | { page: "settings" };

export const startRoute: Route = { page: "browse", connectionId: null, repository: null, digest: null };

/** `#/r/ghcr/vision%2Fdefect-detector/sha256:80…/files`, `#/plan/ghcr/vision%2Fdefect-detector/prune`, `#/promote/ghcr/vision%2Fdefect-detector/sha256:80…/Frankfurt`, `#/compare/A/…/…`, `#/journal/12` or `#/settings`. Anything else is the start. */
export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, "").split("/");
  if (parts[0] === "compare") return parseCompare(parts.slice(1)) ?? startRoute;
  const [kind, connectionId, repository, digest, tab] = parts.map(decode);
  if (kind === "settings") return { page: "settings" };
  if (kind === "plan" && connectionId && repository && (digest === "prune" || digest === "delete"))
    return { page: "plan", connectionId, repository, change: digest };
  if ((kind === "copy" || kind === "promote") && connectionId && repository && digest)
    return { page: "copy", change: kind, connectionId, repository, digest, by: tab || null };
  if (kind === "journal") return { page: "journal", id: connectionId || null };
  if (kind !== "r" || !connectionId) return startRoute;
  if (repository && digest && tab) return { page: "version", connectionId, repository, digest, tab };
  return { page: "browse", connectionId, repository: repository || null, digest: digest || null };
}

export function formatRoute(route: Route): string {
  if (route.page === "settings") return "#/settings";
  if (route.page === "compare") return formatCompare(route);
  if (route.page === "plan") return `#/plan/${[route.connectionId, route.repository, route.change].map(encodeURIComponent).join("/")}`;
  if (route.page === "copy") {
    const parts = [route.connectionId, route.repository, route.digest, ...(route.by === null ? [] : [route.by])];
    return `#/${route.change}/${parts.map(encodeURIComponent).join("/")}`;
  }
  if (route.page === "journal") return route.id === null ? "#/journal" : `#/journal/${encodeURIComponent(route.id)}`;
  const parts = [route.connectionId, route.repository, route.digest, route.page === "version" ? route.tab : null];
  const known: string[] = [];
  for (const part of parts) {
    if (part === null) break;
    known.push(encodeURIComponent(part));
  }
  return known.length === 0 ? "#/" : `#/r/${known.join("/")}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
