/** When the window asks for news by itself: at its start, every so many minutes, and when it comes back. */
import { useEffect, useRef } from "react";
import type { ConnectionInfo, Settings } from "../../ipc";
import { startSync } from "./activity";

const minute = 60_000;

/** The login does, or needs none: no person has to help. */
export function mayBeAsked({ loginState }: ConnectionInfo): boolean {
  return loginState !== "expired" && loginState !== "missing";
}

/** Read longer ago than the interval, or never. */
export function isOld(syncedAt: string | null, refreshMinutes: number, now: number): boolean {
  return syncedAt === null || now - Date.parse(syncedAt) >= refreshMinutes * minute;
}

/** Connections whose last synchronisation is older than the interval, and that may be asked without a person's help. */
export function dueConnections(connections: readonly ConnectionInfo[], refreshMinutes: number, now: number): ConnectionInfo[] {
  return connections.filter(
    (connection) => mayBeAsked(connection) && !connection.syncing && isOld(connection.syncedAt, refreshMinutes, now),
  );
}

export function useRefresh(connections: readonly ConnectionInfo[] | undefined, settings: Settings | undefined): void {
  const latest = useRef({ connections, settings });
  useEffect(() => {
    latest.current = { connections, settings };
  });
  const known = connections !== undefined && settings !== undefined;
  useEffect(() => {
    if (!known) return;
    const refresh = () => {
      const { connections: all, settings: values } = latest.current;
      if (all === undefined || values === undefined || values.refreshMinutes <= 0) return;
      for (const connection of dueConnections(all, values.refreshMinutes, Date.now())) void startSync(connection.id, null);
    };
    const focused = () => latest.current.settings?.refreshOnFocus && refresh();
    refresh();
    const timer = setInterval(refresh, minute);
    window.addEventListener("focus", focused);
    return () => {
      clearInterval(timer);
      window.removeEventListener("focus", focused);
    };
  }, [known]);
}
