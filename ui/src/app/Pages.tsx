/** The page that is shown, the dialogs over it, and what the keys of the window do. */
import { useEffect, useState } from "react";
import { AllKeys } from "../features/allKeys/AllKeys";
import { ChangeDialogs } from "../features/changes/ChangeDialogs";
import { InterruptedBanner } from "../features/changes/journal/InterruptedBanner";
import { CompareTray, DraggedVersions } from "../features/compare/CompareTray";
import { ConnectionDialog } from "../features/connections/ConnectionDialog";
import { ImportLogins } from "../features/connections/ImportLogins";
import { PinRepositories } from "../features/connections/PinRepositories";
import { RemoveConnection } from "../features/connections/RemoveConnection";
import { Palette } from "../features/palette/Palette";
import { openPalette } from "../features/palette/paletteStore";
import { CheckConnection } from "../features/sidebar/CheckConnection";
import { useLastOpened } from "../features/sidebar/lastOpened";
import { startSync } from "../features/sync/activity";
import type { ConnectionInfo, Settings, Start } from "../ipc";
import { useAction } from "../shared/keys";
import { focusNextPane } from "./focusNextPane";
import { Notices } from "./Notices";
import { back, go, type Route, useRoute } from "./navigation";
import { Page } from "./Page";
import classes from "./Pages.module.css";
import { useRunEntry } from "./useRunEntry";

interface PagesProps {
  start: Start;
  connections: readonly ConnectionInfo[];
  settings: Settings;
}

type Dialog =
  | { kind: "connection"; connection: ConnectionInfo | null }
  | { kind: "remove" | "pin" | "check"; connection: ConnectionInfo }
  | { kind: "import" }
  | { kind: "keys" }
  | null;

export function Pages({ start, connections, settings }: PagesProps) {
  const route = useRoute();
  const [dialog, setDialog] = useState<Dialog>(null);
  const [recent, addOpened] = useLastOpened();
  const runEntry = useRunEntry();
  const close = () => setDialog(null);
  const edit = (connection: ConnectionInfo | null) => setDialog({ kind: "connection", connection });

  useAction("palette", () => openPalette());
  useAction("addConnection", () => edit(null));
  useAction("settings", () => (route.page === "settings" ? back() : go({ page: "settings" })));
  useAction("journal", () => (route.page === "journal" ? back() : go({ page: "journal", id: null })));
  useAction("allKeys", () => setDialog({ kind: "keys" }));
  useAction("back", back);
  useAction("nextPane", focusNextPane);
  useAction("sync", () => {
    const shown = connectionsOf(route);
    for (const connection of connections) if (shown === null || shown.includes(connection.id)) void startSync(connection.id, null);
  });

  // The window opens where it was left.
  const [last] = recent;
  useEffect(() => {
    if (window.location.hash.length > 2 || last === undefined) return;
    if (connections.some((connection) => connection.id === last.connectionId))
      go({ page: "browse", connectionId: last.connectionId, repository: last.repository, digest: null });
  }, [last, connections]);
  const opened = route.page === "browse" && route.repository !== null ? route : null;
  const openedName = connections.find((connection) => connection.id === opened?.connectionId)?.name;
  useEffect(() => {
    if (opened?.connectionId && opened.repository && openedName !== undefined)
      addOpened(opened.connectionId, openedName, opened.repository);
  });

  return (
    <>
      <Page
        route={route}
        start={start}
        connections={connections}
        settings={settings}
        onEdit={edit}
        onRemove={(connection) => setDialog({ kind: "remove", connection })}
        onPin={(connection) => setDialog({ kind: "pin", connection })}
        onCheck={(connection) => setDialog({ kind: "check", connection })}
        onImport={() => setDialog({ kind: "import" })}
        onAllKeys={() => setDialog({ kind: "keys" })}
      />
      <div className={classes.heads}>
        {route.page === "journal" ? null : <InterruptedBanner />}
        <Notices notices={start.notices} />
      </div>
      {route.page === "browse" || route.page === "version" ? <CompareTray /> : null}
      <DraggedVersions />
      <ChangeDialogs connections={connections} settings={settings} />
      <Palette recent={recent} onEntry={runEntry} />
      <ConnectionDialog
        opened={dialog?.kind === "connection"}
        connection={dialog?.kind === "connection" ? dialog.connection : null}
        onClose={close}
        onSaved={(saved) => {
          close();
          void startSync(saved.id, null);
        }}
      />
      <ImportLogins
        opened={dialog?.kind === "import"}
        hosts={start.dockerLogins}
        onClose={close}
        onImported={(imported) => {
          for (const connection of imported) void startSync(connection.id, null);
        }}
      />
      <RemoveConnection
        connection={dialog?.kind === "remove" ? dialog.connection : null}
        onClose={close}
        onRemoved={(id) => {
          close();
          if ("connectionId" in route && route.connectionId === id)
            go({ page: "browse", connectionId: null, repository: null, digest: null });
        }}
      />
      <PinRepositories connection={dialog?.kind === "pin" ? dialog.connection : null} onClose={close} />
      <CheckConnection connection={dialog?.kind === "check" ? dialog.connection : null} onClose={close} onEdit={edit} />
      <AllKeys opened={dialog?.kind === "keys"} onClose={close} />
    </>
  );
}

/** The connections that a page is of; null: all. */
function connectionsOf(route: Route): readonly string[] | null {
  if (route.page === "compare") return route.versions.map((version) => version.connectionId);
  return "connectionId" in route && route.connectionId !== null ? [route.connectionId] : null;
}
