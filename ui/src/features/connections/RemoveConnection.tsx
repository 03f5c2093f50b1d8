/** Asks before a connection is forgotten, and says what that means. Cancel has the focus; Enter alone removes nothing. */
import { Button, Kbd } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ConnectionInfo, Problem } from "../../ipc";
import * as ipc from "../../ipc";
import { connectionKeys } from "../../ipc/queries/connections";
import { settingsKeys, settingsQuery } from "../../ipc/queries/settings";
import { Dialog } from "../../shared/Dialog";
import dialog from "../../shared/Dialog.module.css";
import { counted } from "../../shared/format";
import { displayCombination } from "../../shared/keys";
import { ProblemStrip } from "../../shared/ProblemStrip";
import { usesConnection } from "../settings/routePlaces";

interface RemoveConnectionProps {
  /** null: closed. */
  connection: ConnectionInfo | null;
  onClose: () => void;
  onRemoved: (id: string) => void;
}

export function RemoveConnection({ connection, onClose, onRemoved }: RemoveConnectionProps) {
  return (
    <Dialog opened={connection !== null} onClose={onClose} title={`Remove ${connection?.name ?? ""}`} size={460}>
      {connection ? <Consequence connection={connection} onClose={onClose} onRemoved={onRemoved} /> : null}
    </Dialog>
  );
}

function Consequence({
  connection,
  onClose,
  onRemoved,
}: { connection: ConnectionInfo } & Pick<RemoveConnectionProps, "onClose" | "onRemoved">) {
  const queryClient = useQueryClient();
  const { data: settings } = useQuery(settingsQuery);
  const routes = settings?.routes.filter((route) => usesConnection(route, connection.name)) ?? [];
  const [problem, setProblem] = useState<Problem | null>(null);
  const [running, setRunning] = useState(false);
  const remove = async () => {
    setRunning(true);
    try {
      await ipc.removeConnection(connection.id);
      await queryClient.invalidateQueries({ queryKey: connectionKeys.all });
      await queryClient.invalidateQueries({ queryKey: settingsKeys.all });
      onRemoved(connection.id);
    } catch (error) {
      setProblem(ipc.toProblem(error));
      setRunning(false);
    }
  };
  useHotkeys([["mod+Enter", () => void remove()]], []);
  const where = connection.provider === "folder" ? "in the folder" : "in the registry";
  const login = connection.loginState === "stored" || connection.loginState === "expired" ? " Its login is taken out of the keychain." : "";
  return (
    <>
      {problem ? <ProblemStrip problem={problem} /> : null}
      <p className={dialog.lead}>
        Berth forgets {counted(connection.repositories, "repository", "repositories")} and {counted(connection.tags, "tag")} of{" "}
        {connection.location}.{login} Nothing changes {where}.
      </p>
      {routes.length === 0 ? null : (
        <p className={dialog.lead}>
          {routes.length === 1 ? "A route goes with it: " : `${counted(routes.length, "route")} go with it: `}
          <b>{routes.map((route) => route.name).join("; ")}</b>.
        </p>
      )}
      <div className={dialog.actions}>
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          variant="filled"
          disabled={running}
          onClick={() => void remove()}
          rightSection={<Kbd>{displayCombination("Ctrl+Enter")}</Kbd>}
        >
          Remove the connection
        </Button>
      </div>
    </>
  );
}
