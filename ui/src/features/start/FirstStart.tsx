/** The first start: no connections yet, and three ways to get one. */
import { Button } from "@mantine/core";
import { IconPlus, IconStack2 } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ConnectionInfo, createSample, isCancelled, type Problem, toProblem } from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import { EmptyState } from "../../shared/EmptyState";
import { counted } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useRunAction } from "../../shared/keys";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import classes from "./FirstStart.module.css";

interface FirstStartProps {
  dockerLogins: readonly string[];
  onImport: () => void;
  onSample: (connection: ConnectionInfo) => void;
}

export function FirstStart({ dockerLogins, onImport, onSample }: FirstStartProps) {
  const run = useRunAction();
  const client = useQueryClient();
  const [writing, setWriting] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const sample = async () => {
    setWriting(true);
    setProblem(null);
    try {
      const connection = await createSample();
      await client.invalidateQueries({ queryKey: indexRoot });
      onSample(connection);
    } catch (error) {
      if (!isCancelled(error)) setProblem(toProblem(error));
    } finally {
      setWriting(false);
    }
  };
  return (
    <main className={classes.start}>
      {problem ? <ProblemStrip problem={problem} action={{ label: "Try again", run: () => void sample() }} /> : null}
      <EmptyState
        icon={IconStack2}
        title="No connections yet"
        actions={
          <>
            <Button variant="filled" leftSection={<Icon of={IconPlus} size="small" />} onClick={() => run("addConnection")}>
              Add a connection
            </Button>
            {dockerLogins.length > 0 ? <Button onClick={onImport}>Import {counted(dockerLogins.length, "docker login")}</Button> : null}
          </>
        }
        foot={
          <button type="button" className={text.link} disabled={writing} onClick={() => void sample()}>
            {writing ? "Writing the sample models…" : "Open the sample models"}
          </button>
        }
      >
        Add a registry or a folder. Berth changes nothing until you say so.
      </EmptyState>
    </main>
  );
}
