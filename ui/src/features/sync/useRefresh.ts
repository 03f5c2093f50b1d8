/** When the window asks for news by itself: at its start, every so many minutes, and when it comes back. */
import { useEffect, useRef } from "react";
import type { ConnectionInfo, Settings } from "../../ipc";
import { startSync } from "./activity";

const minute = 60_000;

/** Connections whose last synchronisation is older than the interval, and that may be asked without a person's help. */
export function dueConnections(connections: readonly ConnectionInfo[], refreshMinutes: number, now: number): ConnectionInfo[] {
  return connections.filter((connection) => {
    if (connection.loginState === "expired" || connection.loginState === "missing" || connection.syncing) return false;
    const age = connection.syncedAt === null ? Number.POSITIVE_INFINITY : now - Date.parse(connection.syncedAt);
    return age >= refreshMinutes * minute;
  });
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
