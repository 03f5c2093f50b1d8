/** The frame around a plan: which connection it is of, where one goes from it, and the line at the foot. */
import { IconStack2 } from "@tabler/icons-react";
import { useState } from "react";
import { PlanPage } from "../features/changes/plan/PlanPage";
import { StatusBar } from "../features/sync/StatusBar";
import type { ConnectionInfo, Settings } from "../ipc";
import { EmptyState } from "../shared/EmptyState";
import classes from "./BrowsePage.module.css";
import { go, type Route } from "./navigation";
import { formatRoute } from "./navigation/route";
import { Toolbar } from "./Toolbar";

interface PlanFrameProps {
  route: Extract<Route, { page: "plan" }>;
  connections: readonly ConnectionInfo[];
  settings: Settings;
  onEdit: (connection: ConnectionInfo) => void;
}

export function PlanFrame({ route, connections, settings, onEdit }: PlanFrameProps) {
  const { connectionId, repository, change } = route;
  const [notes, setNotes] = useState<readonly string[]>([]);
  const connection = connections.find((one) => one.id === connectionId);
  // Somebody who went elsewhere meanwhile stays there.
  const close = () => {
    if (window.location.hash === formatRoute(route)) go({ page: "browse", connectionId, repository, digest: null });
  };
  return (
    <>
      {connection ? (
        <PlanPage
          key={`${connectionId} ${repository} ${change}`}
          connection={connection}
          repository={repository}
          settings={settings}
          change={change}
          onNotes={setNotes}
          onClose={close}
          onSettings={() => go({ page: "settings" })}
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
