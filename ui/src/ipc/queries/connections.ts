/** Query keys of connections, and of what the program knows at its start. */
import { queryOptions } from "@tanstack/react-query";
import * as ipc from "..";
import { indexRoot } from "./keys";

export const connectionKeys = {
  start: ["start"] as const,
  all: [...indexRoot, "connections"] as const,
};

/** Asked once: version, settings, docker logins found, notices. */
export const startQuery = queryOptions({ queryKey: connectionKeys.start, queryFn: () => ipc.start(), staleTime: Number.POSITIVE_INFINITY });

/** That a synchronisation ended may be the one thing that changed: while one runs, the list is read again and again. */
const whileSyncing = 2000;

export const connectionsQuery = queryOptions({
  queryKey: connectionKeys.all,
  queryFn: () => ipc.connections(),
  refetchInterval: ({ state }) => (state.data?.some((connection) => connection.syncing) ? whileSyncing : false),
});
