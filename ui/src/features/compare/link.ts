/** A comparison as a link that can be sent: connections by their place, so that it also opens where they have other names. */
import { type CompareRoute, formatCompare } from "../../app/navigation/compareRoute";
import { parseRoute } from "../../app/navigation/route";
import type { ConnectionInfo } from "../../ipc";

type Place = Pick<ConnectionInfo, "id" | "location">;

const scheme = "berth://";

export function linkOf(route: CompareRoute, connections: readonly Place[]): string {
  const place = (id: string) => {
    const location = connections.find((one) => one.id === id)?.location;
    return location !== undefined && only(connections, location) !== null ? location : id;
  };
  const versions = route.versions.map((version) => ({ ...version, connectionId: place(version.connectionId) }));
  return formatCompare({ ...route, versions }).replace("#/", scheme);
}

/** The comparison that a link leads to; null: the text is no such link. */
export function routeOfLink(text: string, connections: readonly Place[]): CompareRoute | null {
  const link = text.trim();
  if (!link.startsWith(`${scheme}compare/`)) return null;
  const route = parseRoute(`#/${link.slice(scheme.length)}`);
  if (route.page !== "compare") return null;
  const known = (id: string) => (connections.some((one) => one.id === id) ? id : (only(connections, id) ?? id));
  return { ...route, versions: route.versions.map((version) => ({ ...version, connectionId: known(version.connectionId) })) };
}

/** The one connection at a place; null: there are none, or several logins. */
function only(connections: readonly Place[], location: string): string | null {
  const found = connections.filter((one) => one.location === location);
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}
