/** Repositories by name: for logins that may pull but not list, and for those one wants at hand. */
import { Button } from "@mantine/core";
import { IconPinnedOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ConnectionInfo, Problem } from "../../ipc";
import * as ipc from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import { Dialog } from "../../shared/Dialog";
import dialog from "../../shared/Dialog.module.css";
import { counted } from "../../shared/format";
import { IconButton } from "../../shared/IconButton";
import { NamesInput } from "../../shared/NamesInput";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import classes from "./ImportLogins.module.css";

interface PinRepositoriesProps {
  /** null: closed. */
  connection: ConnectionInfo | null;
  onClose: () => void;
}

export function PinRepositories({ connection, onClose }: PinRepositoriesProps) {
  return (
    <Dialog opened={connection !== null} onClose={onClose} title={`Pin repositories of ${connection?.name ?? ""}`} size={460}>
      {connection ? <Pins key={connection.id} connection={connection} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Pins({ connection, onClose }: { connection: ConnectionInfo; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [names, setNames] = useState<string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Runs a change and shows what it came to; the lists follow the index. */
  const change = async (action: () => Promise<unknown>) => {
    setProblem(null);
    try {
      await action();
      await queryClient.invalidateQueries({ queryKey: indexRoot });
      return true;
    } catch (error) {
      setProblem(ipc.toProblem(error));
      return false;
    }
  };
  const pin = async (event: FormEvent) => {
    event.preventDefault();
    if (names.length === 0) return;
    if (await change(() => ipc.pinRepositories(connection.id, names))) onClose();
  };
  return (
    <form onSubmit={(event) => void pin(event)}>
      {problem ? <ProblemStrip problem={problem} /> : null}
      <p className={dialog.lead}>Named repositories are shown even where the login may not list them.</p>
      <NamesInput placeholder="team/model" aria-label="Repositories to pin" value={names} onChange={setNames} data-autofocus />
      <ul className={classes.hosts} aria-label="Pinned">
        {connection.pinned.map((name) => (
          <li key={name} className={text.row}>
            <span className={`${text.cut} ${text.grow}`} title={name}>
              {name}
            </span>
            <IconButton
              small
              icon={IconPinnedOff}
              label={`Unpin ${name}`}
              onClick={() => void change(() => ipc.unpinRepository(connection.id, name))}
            />
          </li>
        ))}
      </ul>
      <div className={dialog.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={names.length === 0}>
          {names.length === 0 ? "Pin repositories" : `Pin ${counted(names.length, "repository", "repositories")}`}
        </Button>
      </div>
    </form>
  );
}
