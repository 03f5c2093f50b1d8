/** The frame around a copy: which connection it comes from, where one goes from it, and the line at the foot. */
import { IconStack2 } from "@tabler/icons-react";
import { useState } from "react";
import { CopyPage } from "../features/changes/copy/CopyPage";
import { StatusBar } from "../features/sync/StatusBar";
import type { ConnectionInfo, Settings } from "../ipc";
import { EmptyState } from "../shared/EmptyState";
import classes from "./BrowsePage.module.css";
import { back, type Route } from "./navigation";
import { formatRoute } from "./navigation/route";
import { Toolbar } from "./Toolbar";

interface CopyFrameProps {
  route: Extract<Route, { page: "copy" }>;
  connections: readonly ConnectionInfo[];
  settings: Settings;
  onEdit: (connection: ConnectionInfo) => void;
}

export function CopyFrame({ route, connections, settings, onEdit }: CopyFrameProps) {
  const { connectionId, repository, digest, change, by } = route;
  const [notes, setNotes] = useState<readonly string[]>([]);
  const connection = connections.find((one) => one.id === connectionId);
  // Somebody who went elsewhere meanwhile stays there.
  const close = () => {
    if (window.location.hash === formatRoute(route)) back();
  };
  return (
    <>
      {connection ? (
        <CopyPage
          key={formatRoute(route)}
          connection={connection}
          connections={connections}
          settings={settings}
          address={{ connectionId, repository, digest }}
          kind={change}
          by={by}
          onNotes={setNotes}
          onClose={close}
        />
      ) : (
        <>
          <Toolbar crumbs={[connectionId, repository]} />
          <main className={classes.body}>
            <EmptyState icon={IconStack2} title="This connection is not there any more" />
          </main>
        </>
      )}
      <StatusBar connections={connections} current={connection} notes={notes} onEdit={onEdit} />
    </>
  );
}
