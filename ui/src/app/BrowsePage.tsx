/** Browsing: sidebar, the versions of a repository, and the detail. */
import { IconStack2 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Sidebar } from "../features/sidebar/Sidebar";
import { FirstStart } from "../features/start/FirstStart";
import { startSync } from "../features/sync/activity";
import { StatusBar } from "../features/sync/StatusBar";
import type { ConnectionInfo, Settings, Start } from "../ipc";
import { EmptyState } from "../shared/EmptyState";
import { useAction } from "../shared/keys";
import classes from "./BrowsePage.module.css";
import { sidebarWidths, useSidebarPane } from "./layout";
import { go, type Route } from "./navigation";
import { RepositoryView } from "./RepositoryView";
import { SideSplit } from "./SideSplit";
import { Toolbar } from "./Toolbar";

interface BrowsePageProps {
  route: Extract<Route, { page: "browse" }>;
  start: Start;
  connections: readonly ConnectionInfo[];
  settings: Settings;
  onEdit: (connection: ConnectionInfo) => void;
  onRemove: (connection: ConnectionInfo) => void;
  onPin: (connection: ConnectionInfo) => void;
  onCheck: (connection: ConnectionInfo) => void;
  onImport: () => void;
}

const noNotes: readonly string[] = [];

export function BrowsePage({ route, start, connections, settings, onEdit, onRemove, onPin, onCheck, onImport }: BrowsePageProps) {
  const [notes, setNotes] = useState(noNotes);
  const sidebar = useSidebarPane();
  useAction("sidebar", () => sidebar.setOpen(!sidebar.open));
  const connection = connections.find((one) => one.id === route.connectionId);
  const { repository } = route;
  useEffect(() => {
    if (repository === null) setNotes(noNotes);
  }, [repository]);
  const open = (connectionId: string, name: string) => go({ page: "browse", connectionId, repository: name, digest: null });
  const crumbs = connection && repository !== null ? [connection.name, ...repository.split("/")] : ["Berth"];
  return (
    <>
      <Toolbar crumbs={crumbs} />
      <SideSplit
        side="left"
        className={classes.body}
        layout={sidebar}
        widths={sidebarWidths}
        pane={
          sidebar.open ? (
            <Sidebar
              connections={connections}
              selected={connection && repository !== null ? { connectionId: connection.id, repository } : null}
              onOpen={open}
              onEdit={onEdit}
              onRemove={onRemove}
              onPin={onPin}
              onCheck={onCheck}
              onPrune={(connectionId, name) => go({ page: "plan", connectionId, repository: name, change: "prune" })}
            />
          ) : null
        }
      >
        {connections.length === 0 ? (
          <FirstStart
            dockerLogins={start.dockerLogins}
            onImport={onImport}
            onSample={(sample) => {
              go({ page: "browse", connectionId: sample.id, repository: null, digest: null });
              void startSync(sample.id, null);
            }}
          />
        ) : connection && repository !== null ? (
          <RepositoryView
            key={`${connection.id}/${repository}`}
            connection={connection}
            repository={repository}
            digest={route.digest}
            settings={settings}
            onEdit={onEdit}
            onNotes={setNotes}
          />
        ) : (
          <main className={classes.none}>
            <EmptyState icon={IconStack2} title="No repository is open">
              Choose one in the sidebar, or find any tag with the palette.
            </EmptyState>
          </main>
        )}
      </SideSplit>
      <StatusBar connections={connections} current={connection} notes={notes} onEdit={onEdit} />
    </>
  );
}
