/** Which page is shown, the dialogs over it, and what the keys of the window do. */
import { useEffect, useState } from "react";
import { AllKeys } from "../features/allKeys/AllKeys";
import { ChangeDialogs } from "../features/changes/ChangeDialogs";
import { InterruptedBanner } from "../features/changes/journal/InterruptedBanner";
import { JournalPage } from "../features/changes/journal/JournalPage";
import { ConnectionDialog } from "../features/connections/ConnectionDialog";
import { ImportLogins } from "../features/connections/ImportLogins";
import { PinRepositories } from "../features/connections/PinRepositories";
import { RemoveConnection } from "../features/connections/RemoveConnection";
import { Palette } from "../features/palette/Palette";
import { openPalette } from "../features/palette/paletteStore";
import { SettingsPage } from "../features/settings/SettingsPage";
import { CheckConnection } from "../features/sidebar/CheckConnection";
import { useLastOpened } from "../features/sidebar/lastOpened";
import { startSync } from "../features/sync/activity";
import type { ConnectionInfo, Settings, Start } from "../ipc";
import { useAction } from "../shared/keys";
import { BrowsePage } from "./BrowsePage";
import { CopyFrame } from "./CopyFrame";
import { focusNextPane } from "./focusNextPane";
import { Notices } from "./Notices";
import { back, go, useRoute } from "./navigation";
import classes from "./Pages.module.css";
import { PlanFrame } from "./PlanFrame";
import { useRunEntry } from "./useRunEntry";
import { VersionFrame } from "./VersionFrame";

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
    const one = "connectionId" in route ? route.connectionId : null;
    for (const connection of connections) if (one === null || connection.id === one) void startSync(connection.id, null);
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

  const shared = { start, connections, settings };
  return (
    <>
      {route.page === "settings" ? (
        <SettingsPage {...shared} onEdit={edit} onAllKeys={() => setDialog({ kind: "keys" })} />
      ) : route.page === "journal" ? (
        <JournalPage connections={connections} settings={settings} id={route.id} />
      ) : route.page === "version" ? (
        <VersionFrame {...shared} route={route} onEdit={edit} />
      ) : route.page === "plan" ? (
        <PlanFrame {...shared} route={route} onEdit={edit} />
      ) : route.page === "copy" ? (
        <CopyFrame {...shared} route={route} onEdit={edit} />
      ) : (
        <BrowsePage
          {...shared}
          route={route}
          onEdit={edit}
          onRemove={(connection) => setDialog({ kind: "remove", connection })}
          onPin={(connection) => setDialog({ kind: "pin", connection })}
          onCheck={(connection) => setDialog({ kind: "check", connection })}
          onImport={() => setDialog({ kind: "import" })}
        />
      )}
      <div className={classes.heads}>
        {route.page === "journal" ? null : <InterruptedBanner />}
        <Notices notices={start.notices} />
      </div>
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
