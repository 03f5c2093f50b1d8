/** Takes over every docker and podman login of this computer with one click, and says for each host what came of it. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconMinus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ConnectionInfo } from "../../ipc";
import * as ipc from "../../ipc";
import { connectionKeys } from "../../ipc/queries/connections";
import { Dialog } from "../../shared/Dialog";
import dialog from "../../shared/Dialog.module.css";
import { counted } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import classes from "./ImportLogins.module.css";
import { type HostOutcome, outcomesOf } from "./importOutcome";
import { plainHost } from "./providers";

interface ImportLoginsProps {
  opened: boolean;
  /** The hosts whose logins were found. */
  hosts: readonly string[];
  onClose: () => void;
  onImported: (connections: ConnectionInfo[]) => void;
}

export function ImportLogins({ opened, hosts, onClose, onImported }: ImportLoginsProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Docker logins" size={460}>
      {opened ? <Import hosts={hosts} onClose={onClose} onImported={onImported} /> : null}
    </Dialog>
  );
}

/** Imports as soon as it is shown: opening it was the one click. */
function Import({ hosts, onClose, onImported }: Omit<ImportLoginsProps, "opened">) {
  const queryClient = useQueryClient();
  const imported = useQuery({
    queryKey: ["importDockerLogins"] as const,
    queryFn: ({ signal }) => ipc.importDockerLogins({ signal }),
    gcTime: 0,
    staleTime: 0,
  });
  const { data, error, isFetching } = imported;
  const tell = useRef(onImported);
  useEffect(() => {
    tell.current = onImported;
  });
  useEffect(() => {
    if (data === undefined) return;
    void queryClient.invalidateQueries({ queryKey: connectionKeys.all });
    tell.current(data.added);
  }, [data, queryClient]);
  return (
    <>
      {error && !ipc.isCancelled(error) ? (
        <ProblemStrip
          problem={ipc.toProblem(error)}
          still="No connection was added."
          action={{ label: "Try again", run: () => void imported.refetch() }}
        />
      ) : null}
      {isFetching ? (
        <p className={dialog.lead} role="status">
          Asking {counted(hosts.length, "host")}: {hosts.slice(0, 8).map(plainHost).join(", ")}
        </p>
      ) : null}
      {data && !isFetching ? (
        <ul className={classes.hosts} aria-label="Outcome for each host">
          {outcomesOf(hosts, data).map((outcome) => (
            <HostLine key={outcome.host} outcome={outcome} />
          ))}
        </ul>
      ) : null}
      <div className={dialog.actions}>
        <Button variant={isFetching ? "default" : "filled"} onClick={onClose} data-autofocus>
          {isFetching ? "Cancel" : "Close"}
        </Button>
      </div>
    </>
  );
}

const looks = {
  added: { shape: IconCheck, tone: text.ok },
  limited: { shape: IconAlertTriangle, tone: text.warn },
  left: { shape: IconMinus, tone: text.dim },
};

function HostLine({ outcome }: { outcome: HostOutcome }) {
  const look = looks[outcome.state];
  return (
    <li className={classes.host}>
      <Icon of={look.shape} size="small" className={look.tone} />
      <div>
        <b className={text.strong}>{outcome.host}</b>
        <p>{outcome.said}</p>
      </div>
    </li>
  );
}
