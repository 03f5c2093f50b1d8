/** A repository that is opened is read at once and alone when what is known of it is old or nothing is. */
import { useEffect, useRef } from "react";
import type { ConnectionInfo } from "../../ipc";
import { isCovered, startSync } from "./activity";
import { isOld, mayBeAsked } from "./useRefresh";

/** `syncedAt`: null if the repository was never read; undefined as long as that is not known. Asks once; who fails is not asked again. */
export function useOpenedRefresh(
  connection: ConnectionInfo,
  repository: string,
  syncedAt: string | null | undefined,
  refreshMinutes: number,
): void {
  const decided = useRef(false);
  useEffect(() => {
    if (syncedAt === undefined || decided.current) return;
    decided.current = true;
    if (!mayBeAsked(connection) || connection.offlineSince !== null) return;
    if (isCovered(connection.id, repository)) return;
    // No interval: nothing is refreshed by itself. But what was never read has nothing else to show.
    const due = syncedAt === null || (refreshMinutes > 0 && isOld(syncedAt, refreshMinutes, Date.now()));
    if (due) void startSync(connection.id, repository);
  }, [connection, repository, syncedAt, refreshMinutes]);
}
