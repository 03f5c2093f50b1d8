/** Takes over every docker and podman login of this computer with one click, and says for each host what came of it. */
import { Button, Modal } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconMinus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { ConnectionInfo, Problem } from "../../ipc";
import * as ipc from "../../ipc";
import { connectionKeys, startQuery } from "../../ipc/queries/connections";
import { counted } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import classes from "./ImportLogins.module.css";
import { type HostOutcome, outcomesOf } from "./importOutcome";

interface ImportLoginsProps {
  onImported?: (connections: ConnectionInfo[]) => void;
}

/** Draws nothing where no docker login was found. */
export function ImportLogins({ onImported }: ImportLoginsProps) {
  const queryClient = useQueryClient();
  const hosts = useQuery(startQuery).data?.dockerLogins ?? [];
  const [running, setRunning] = useState(false);
  const [outcomes, setOutcomes] = useState<HostOutcome[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const controller = useRef<AbortController | null>(null);
  if (hosts.length === 0) return null;

  const run = async () => {
    controller.current = new AbortController();
    setRunning(true);
    setProblem(null);
    try {
      const imported = await ipc.importDockerLogins({ signal: controller.current.signal });
      setOutcomes(outcomesOf(hosts, imported));
      await queryClient.invalidateQueries({ queryKey: connectionKeys.all });
      onImported?.(imported);
    } catch (error) {
      if (!ipc.isCancelled(error)) setProblem(ipc.toProblem(error));
    } finally {
      setRunning(false);
    }
  };
  const close = () => {
    controller.current?.abort();
    setOutcomes(null);
    setProblem(null);
  };

  return (
    <>
      <Button onClick={() => (running ? close() : void run())}>
        {running ? "Cancel the import" : `Import ${counted(hosts.length, "docker login")}`}
      </Button>
      <Modal
        opened={outcomes !== null || problem !== null}
        onClose={close}
        title={outcomes === null ? "The docker logins were not imported" : "Docker logins"}
        size={460}
      >
        {problem ? <ProblemStrip problem={problem} action={{ label: "Try again", run: () => void run() }} /> : null}
        <ul className={classes.hosts} aria-label="Outcome for each host">
          {outcomes?.map((outcome) => (
            <HostLine key={outcome.host} outcome={outcome} />
          ))}
        </ul>
        <div className={classes.actions}>
          <Button variant="filled" onClick={close} data-autofocus>
            Close
          </Button>
        </div>
      </Modal>
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
