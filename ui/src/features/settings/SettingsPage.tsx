/** All settings on one page, saved as they are changed. */
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { back } from "../../app/navigation";
import { Toolbar } from "../../app/Toolbar";
import { type ConnectionInfo, openSettingsFile, type Settings, type Start, toProblem } from "../../ipc";
import { useEscape } from "../../shared/keys";
import { ProblemStrip } from "../../shared/ProblemStrip";
import { StatusLine } from "../sync/StatusBar";
import { Appearance } from "./Appearance";
import { Channels } from "./Channels";
import { IndexSection } from "./IndexSection";
import { Keychain } from "./Keychain";
import { KeysSection } from "./KeysSection";
import { Network } from "./Network";
import { Policies } from "./Policies";
import { ProtectedTags } from "./ProtectedTags";
import { PullTools } from "./PullTools";
import { ResetSettings } from "./ResetSettings";
import { Routes } from "./Routes";
import classes from "./Settings.module.css";
import { useSaveSettings } from "./useSaveSettings";

interface SettingsPageProps {
  start: Start;
  connections: readonly ConnectionInfo[];
  settings: Settings;
  onEdit: (connection: ConnectionInfo) => void;
  onAllKeys: () => void;
}

export function SettingsPage({ start, connections, settings, onEdit, onAllKeys }: SettingsPageProps) {
  const { save, problem } = useSaveSettings(settings);
  const [resetting, setResetting] = useState(false);
  useEscape(back);
  const part = { settings, save };
  const openFile = () => openSettingsFile().catch((error: unknown) => notifications.show({ message: toProblem(error).message }));
  return (
    <>
      <Toolbar crumbs={["Settings"]} search={false}>
        <span className={classes.saved}>Saved as you change them</span>
        <Button size="xs" onClick={() => void openFile()}>
          Open settings file
        </Button>
        <Button size="xs" onClick={() => setResetting(true)}>
          Reset…
        </Button>
        <ResetSettings opened={resetting} onClose={() => setResetting(false)} onReset={save} />
      </Toolbar>
      <main className={classes.page} data-pane>
        {problem ? (
          <div className={classes.problem}>
            <ProblemStrip
              banner
              problem={problem}
              title="The settings could not be saved"
              still={`${problem.message}. They are as before.`}
            />
          </div>
        ) : null}
        <div className={classes.column}>
          <Appearance {...part} />
          <Channels {...part} />
          <ProtectedTags {...part} />
          <Routes {...part} connections={connections} />
          <Policies />
          <PullTools {...part} />
        </div>
        <div className={classes.column}>
          <IndexSection {...part} />
          <Network {...part} />
          <Keychain connections={connections} onEdit={onEdit} />
          <KeysSection {...part} onAllKeys={onAllKeys} />
        </div>
      </main>
      <StatusLine>
        <span>Settings and index are in one folder, shared with berthctl</span>
        <span className={classes.folder}>{start.dataFolder}</span>
        <span>Berth {start.version}</span>
      </StatusLine>
    </>
  );
}
