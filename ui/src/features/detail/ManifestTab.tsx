/** The manifest as the registry holds it, or indented for reading; Copy always copies the bytes as they are. */
import { Button, SegmentedControl, Skeleton } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import * as ipc from "../../ipc";
import { copyText } from "../../shared/clipboard";
import { useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { rawManifestQuery, type VersionAddress } from "./detailQueries";
import classes from "./Tabs.module.css";

/** A manifest may have 4 MiB; so much of it is drawn. */
const charactersShown = 200_000;

export function ManifestTab({ address }: { address: VersionAddress }) {
  const { bytes } = useFormat();
  const query = useQuery(rawManifestQuery(address));
  const [form, setForm] = useState("indented");
  const raw = query.data?.text;
  const shown = useMemo(() => (raw === undefined ? "" : form === "indented" ? indented(raw) : raw), [raw, form]);
  if (query.error)
    return <ProblemStrip problem={ipc.toProblem(query.error)} action={{ label: "Try again", run: () => void query.refetch() }} />;
  return (
    <>
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label="Form"
          data={[
            { value: "indented", label: "Indented" },
            { value: "stored", label: "As stored" },
          ]}
          value={form}
          onChange={setForm}
        />
        <span className={`${text.dim} ${text.grow} ${text.cut}`} title={query.data?.mediaType}>
          {query.data ? bytes(query.data.sizeBytes) : ""}
        </span>
        <Button
          size="xs"
          disabled={raw === undefined}
          leftSection={<Icon of={IconCopy} size="small" />}
          onClick={() => raw !== undefined && void copyText(raw, "Manifest copied")}
        >
          Copy
        </Button>
      </div>
      {raw === undefined ? (
        <div className={classes.lines} aria-busy="true">
          <Skeleton height={8} width="60%" />
          <Skeleton height={8} width="80%" />
          <Skeleton height={8} width="40%" />
        </div>
      ) : (
        <pre className={classes.json}>
          {shown.slice(0, charactersShown)}
          {shown.length > charactersShown ? "\n… shown in part; Copy has all of it" : ""}
        </pre>
      )}
    </>
  );
}

/** The same JSON over several lines; a text that is no JSON stays as it is. */
function indented(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
