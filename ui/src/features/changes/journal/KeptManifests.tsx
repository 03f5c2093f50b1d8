/** The manifests that a change deleted, as the journal kept them: what undoing puts back, byte for byte. */
import { Button, Select } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type JournalStep, toProblem } from "../../../ipc";
import { journalManifestQuery } from "../../../ipc/queries/changes";
import { copyText } from "../../../shared/clipboard";
import { Dialog } from "../../../shared/Dialog";
import { counted, shortDigest } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import text from "../../../shared/text.module.css";
import classes from "./JournalDetail.module.css";

/** A manifest may have 4 MiB; so much of it is drawn. */
const charactersShown = 200_000;

/** Steps that deleted a manifest, each digest once. */
export function deletedManifests(steps: readonly JournalStep[]): JournalStep[] {
  const deleted = steps.filter(({ step, state }) => step.action === "delete-manifest" && state === "done");
  return [...new Map(deleted.map((one) => [one.step.digest, one])).values()];
}

export function KeptManifests({ id, steps }: { id: string; steps: readonly JournalStep[] }) {
  const [opened, setOpened] = useState(false);
  const deleted = deletedManifests(steps);
  const [first] = deleted;
  if (first === undefined) return null;
  const name = counted(deleted.length, "deleted manifest");
  return (
    <>
      <button type="button" className={text.link} onClick={() => setOpened(true)}>
        Show {name}
      </button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={name} size={720}>
        <Manifest id={id} deleted={deleted} first={first.step.digest} />
      </Dialog>
    </>
  );
}

interface ManifestProps {
  id: string;
  deleted: readonly JournalStep[];
  first: string;
}

function Manifest({ id, deleted, first }: ManifestProps) {
  const [digest, setDigest] = useState(first);
  const { data, error } = useQuery(journalManifestQuery(id, digest));
  const options = deleted.map(({ step }) => ({
    value: step.digest,
    label: step.tags.length === 0 ? shortDigest(step.digest) : `${step.tags.join(", ")} · ${shortDigest(step.digest)}`,
  }));
  return (
    <>
      <div className={classes.manifestTools}>
        <Select
          aria-label="Manifest"
          className={text.grow}
          data={options}
          value={digest}
          searchable
          allowDeselect={false}
          onChange={(next) => next !== null && setDigest(next)}
        />
        <Button
          size="xs"
          disabled={data === undefined}
          leftSection={<Icon of={IconCopy} size="small" />}
          onClick={() => data && void copyText(data.text, "Manifest copied")}
        >
          Copy
        </Button>
      </div>
      {error ? (
        <ProblemStrip problem={toProblem(error)} />
      ) : (
        <pre
          className={classes.manifest}
          // What scrolls has to be reached by keys.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
          tabIndex={0}
        >
          {data?.text.slice(0, charactersShown) ?? "…"}
          {data !== undefined && data.text.length > charactersShown ? "\n… shown in part; Copy has all of it" : ""}
        </pre>
      )}
    </>
  );
}
