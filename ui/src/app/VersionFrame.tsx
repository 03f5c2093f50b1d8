/** The frame around one version as a page: where one is, and the line at the foot. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { versionDetailQuery } from "../features/detail/detailQueries";
import { versionName } from "../features/detail/versionName";
import { VersionPage } from "../features/files/VersionPage";
import { StatusBar } from "../features/sync/StatusBar";
import type { ConnectionInfo } from "../ipc";
import { useAction } from "../shared/keys";
import { go, type Route, replace } from "./navigation";
import { Toolbar } from "./Toolbar";
import { goDelete } from "./useDeletion";
import classes from "./VersionFrame.module.css";

interface VersionFrameProps {
  route: Extract<Route, { page: "version" }>;
  connections: readonly ConnectionInfo[];
  onEdit: (connection: ConnectionInfo) => void;
}

export function VersionFrame({ route, connections, onEdit }: VersionFrameProps) {
  const { connectionId, repository, digest, tab } = route;
  const connection = connections.find((one) => one.id === connectionId);
  const detail = useQuery(versionDetailQuery({ connectionId, repository, digest }, null)).data;
  const [note, setNote] = useState("");
  useAction("delete", () => goDelete(connectionId, repository, [digest]));
  useAction("prune", () => go({ page: "plan", connectionId, repository, change: "prune" }));
  const crumbs = [connection?.name ?? connectionId, ...repository.split("/"), versionName(detail, digest)];
  return (
    <>
      <Toolbar crumbs={crumbs} />
      <main className={classes.page}>
        <VersionPage
          connectionId={connectionId}
          repository={repository}
          digest={digest}
          tab={tab}
          onTab={(next) => replace({ ...route, tab: next })}
          onNote={setNote}
          onClose={() => go({ page: "browse", connectionId, repository, digest })}
        />
      </main>
      <StatusBar connections={connections} current={connection} notes={note === "" ? [] : [note]} onEdit={onEdit} />
    </>
  );
}
