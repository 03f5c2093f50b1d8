/** What is wanted of a copy: as its route says until something is changed by hand. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { ConnectionInfo, TagLabel } from "../../../ipc";
import { fittingRoutesQuery } from "../../../ipc/queries/changes";
import { type VersionAddress, versionDetailQuery } from "../../detail/detailQueries";
import { versionName } from "../../detail/versionName";
import { type CopyKind, type CopyWish, copyCommand, copyRequest, routeWish } from "./copyWish";

const nowhere: CopyWish = { connectionId: "", repository: "", tags: "", referrers: null, platforms: null };

interface Options {
  address: VersionAddress;
  kind: CopyKind;
  connections: readonly ConnectionInfo[];
  /** The route at first. */
  first: string | null;
}

export function useCopyWish({ address, kind, connections, first }: Options) {
  const routes = useQuery(fittingRoutesQuery(address.connectionId, address.repository, address.digest)).data;
  const detail = useQuery(versionDetailQuery(address, null)).data;
  const [by, setBy] = useState(first);
  /** What was changed by hand; null: as the route says. */
  const [own, setOwn] = useState<CopyWish | null>(null);
  const route = routes?.find((one) => one.name === by) ?? null;
  const tag = plainTag(detail?.tags ?? []);
  const said = useMemo(() => (route === null ? { ...nowhere, tags: tag ?? "" } : routeWish(route)), [route, tag]);
  const wish = own ?? said;
  const isKnown = detail !== undefined && (by === null || route !== null);
  const request = isKnown ? copyRequest(address, wish, kind) : null;
  const unchanged = own === null ? by : null;
  return {
    detail,
    routes: routes ?? [],
    by,
    /** It goes by a route that is not there, or does not take this version. */
    lost: routes !== undefined && by !== null && route === null,
    wish,
    request,
    name: versionName(detail, address.digest),
    target: connections.find((one) => one.id === wish.connectionId),
    command: request === null ? null : copyCommand({ address, tag, wish, kind, route: unchanged, connections }),
    setWish: setOwn,
    setBy: (next: string | null) => {
      setBy(next);
      setOwn(null);
    },
  };
}

/** What the version is called whatever moves on: its first tag that is no channel. */
function plainTag(tags: readonly Pick<TagLabel, "name" | "channel">[]): string | null {
  return (tags.find((tag) => tag.channel === null) ?? tags[0])?.name ?? null;
}
