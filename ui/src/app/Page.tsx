/** Which page an address leads to. */
import { JournalPage } from "../features/changes/journal/JournalPage";
import { SettingsPage } from "../features/settings/SettingsPage";
import type { ConnectionInfo, Settings, Start } from "../ipc";
import { BrowsePage } from "./BrowsePage";
import { CompareFrame } from "./CompareFrame";
import { CopyFrame } from "./CopyFrame";
import type { Route } from "./navigation";
import { PlanFrame } from "./PlanFrame";
import { VersionFrame } from "./VersionFrame";

interface PageProps {
  route: Route;
  start: Start;
  connections: readonly ConnectionInfo[];
  settings: Settings;
  onEdit: (connection: ConnectionInfo) => void;
  onRemove: (connection: ConnectionInfo) => void;
  onPin: (connection: ConnectionInfo) => void;
  onCheck: (connection: ConnectionInfo) => void;
  onImport: () => void;
  onAllKeys: () => void;
}

export function Page({ route, onAllKeys, ...props }: PageProps) {
  const { start, connections, settings, onEdit } = props;
  const shared = { start, connections, settings, onEdit };
  switch (route.page) {
    case "settings":
      return <SettingsPage {...shared} onAllKeys={onAllKeys} />;
    case "journal":
      return <JournalPage connections={connections} settings={settings} id={route.id} />;
    case "version":
      return <VersionFrame {...shared} route={route} />;
    case "plan":
      return <PlanFrame {...shared} route={route} />;
    case "copy":
      return <CopyFrame {...shared} route={route} />;
    case "compare":
      return <CompareFrame {...shared} route={route} />;
    default:
      return <BrowsePage {...props} route={route} />;
  }
}
