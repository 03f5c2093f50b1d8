/** What was seen and is kept: how much, how to clear it, when it is read again. */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { clearContents, clearIndex, type Problem, type Settings, toProblem } from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import { statisticsQuery } from "../../ipc/queries/settings";
import { counted, useFormat } from "../../shared/format";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { NumberField, Row, Section, Toggle } from "./fields";
import classes from "./Settings.module.css";
import type { Save } from "./useSaveSettings";

const gigabyte = 1_000_000_000;

export function IndexSection({ settings, save }: { settings: Settings; save: Save }) {
  const { bytes } = useFormat();
  const client = useQueryClient();
  const statistics = useQuery(statisticsQuery).data;
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const clear = async (what: () => Promise<unknown>) => {
    setAsked(false);
    try {
      await what();
      setProblem(null);
      await client.invalidateQueries({ queryKey: indexRoot });
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <Section title="Index" hint="what was seen; can be read again from the registries">
      <Row label="On disk">
        <b className={text.strong}>{statistics ? bytes(statistics.indexBytes) : "—"}</b>
        <span className={text.middle}>of at most</span>
        <NumberField
          label="Most gigabytes"
          value={settings.indexLimitBytes / gigabyte}
          least={0.1}
          most={1000}
          suffix=" GB"
          width={70}
          onCommit={(value) => save({ indexLimitBytes: Math.round(value * gigabyte) })}
        />
        <span className={classes.about}>
          {statistics ? `${counted(statistics.tags, "tag")}, ${counted(statistics.manifests, "manifest")}` : ""}
        </span>
      </Row>
      <Row label="Kept besides">
        <span className={text.middle}>{statistics ? `File lists ${bytes(statistics.contentsBytes)}` : "—"}</span>
      </Row>
      <Row label="">
        <Button size="xs" onClick={() => void clear(clearContents)}>
          Clear file lists{statistics ? `, ${bytes(statistics.contentsBytes)}` : ""}
        </Button>
        {asked ? (
          <>
            <Button size="xs" autoFocus onClick={() => setAsked(false)}>
              Cancel
            </Button>
            <Button size="xs" className={text.danger} onClick={() => void clear(clearIndex)}>
              Clear the index of {counted(statistics?.tags ?? 0, "tag")}
            </Button>
          </>
        ) : (
          <Button size="xs" onClick={() => setAsked(true)}>
            Clear the index…
          </Button>
        )}
      </Row>
      {asked ? (
        <p className={classes.hint}>
          Connections, logins and settings stay. All tags are read again from the registries; when tags moved is forgotten.
        </p>
      ) : null}
      {problem ? <ProblemStrip problem={problem} /> : null}
      <Row label="Refresh">
        <span className={text.middle}>every</span>
        <NumberField
          label="Minutes between refreshes"
          value={settings.refreshMinutes}
          least={0}
          most={10_080}
          suffix=" min"
          width={64}
          onCommit={(refreshMinutes) => save({ refreshMinutes })}
        />
        <Toggle
          label="and when the window comes back"
          value={settings.refreshOnFocus}
          onChange={(refreshOnFocus) => save({ refreshOnFocus })}
        />
      </Row>
    </Section>
  );
}
