/** The command that pulls this version, for the tool one uses; Y copies it, Shift+Y copies the digest. */
import { Button, SegmentedControl, Select, Skeleton } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import type { VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { settingsQuery } from "../../ipc/queries/settings";
import { copyText } from "../../shared/clipboard";
import { Icon } from "../../shared/Icon";
import { useAction, useKeyName } from "../../shared/keys";
import { ProblemStrip } from "../../shared/ProblemStrip";
import { usePersisted } from "../../shared/persisted";
import text from "../../shared/text.module.css";
import { copyDigest } from "./CopyDigest";
import { pullCommandsQuery, type VersionAddress } from "./detailQueries";
import classes from "./PullBox.module.css";

interface PullBoxProps {
  address: VersionAddress;
  detail: VersionDetail;
}

/** The command of the tool used last, and its keys; also where the box itself has no room. */
function usePullCommand({ address, detail }: PullBoxProps) {
  const preferred = useQuery(settingsQuery).data?.pullByDigest ?? false;
  const [chosen, setChosen] = useState<"tag" | "digest" | null>(null);
  const [tool, setTool] = usePersisted<string | null>("berth.pullTool", null, (value) => (typeof value === "string" ? value : null));
  const tag = detail.tags[0]?.name ?? null;
  const byDigest = tag === null || (chosen === null ? preferred : chosen === "digest");
  const query = useQuery(pullCommandsQuery(address, tag, byDigest));
  const commands = query.data ?? [];
  const command = commands.find((candidate) => candidate.tool === tool) ?? commands[0];
  const copy = () => {
    if (command !== undefined) void copyText(command.command, `Copied: ${command.label}`);
  };
  useAction("copyPullCommand", copy);
  useAction("copyDigest", () => void copyDigest(address.digest));
  return { query, commands, command, tag, byDigest, setChosen, setTool, copy };
}

/** Only the keys. */
export function PullKeys(props: PullBoxProps) {
  usePullCommand(props);
  return null;
}

export function PullBox(props: PullBoxProps) {
  const { query, commands, command, tag, byDigest, setChosen, setTool, copy } = usePullCommand(props);
  const copyKey = useKeyName("copyPullCommand");
  if (query.error) {
    return (
      <div className={classes.foot}>
        <ProblemStrip problem={ipc.toProblem(query.error)} />
      </div>
    );
  }
  return (
    <section className={classes.box} aria-label="Pull command">
      <div className={classes.tools}>
        <Select
          aria-label="Tool"
          className={classes.tool}
          data={commands.map((candidate) => ({ value: candidate.tool, label: candidate.label }))}
          value={command?.tool ?? null}
          comboboxProps={{ width: 190, position: "top-start" }}
          onChange={(next) => {
            if (next !== null) setTool(() => next);
          }}
        />
        <SegmentedControl
          aria-label="Pull by"
          data={[
            { value: "tag", label: "Tag", disabled: tag === null },
            { value: "digest", label: "Digest" },
          ]}
          value={byDigest ? "digest" : "tag"}
          onChange={(value) => setChosen(value === "digest" ? "digest" : "tag")}
        />
        <span className={classes.spacer} />
        <Button
          size="xs"
          title={`Copy the command (${copyKey})`}
          disabled={command === undefined}
          leftSection={<Icon of={IconCopy} size="small" />}
          onClick={copy}
        >
          Copy
        </Button>
      </div>
      {command === undefined ? (
        <div className={classes.code} aria-busy={query.isPending}>
          {query.isPending ? (
            <Skeleton height={8} width="80%" />
          ) : (
            <span className={text.dim}>No tool that Berth knows pulls this kind.</span>
          )}
        </div>
      ) : (
        <Command command={command.command} />
      )}
      {command?.note ? <p className={classes.note}>{command.note}</p> : null}
    </section>
  );
}

/** Lines may break after a slash. Long digests are shortened on screen only: what is copied from here is the whole command. */
function Command({ command }: { command: string }) {
  const parts = shortened(command).split(/(?<=[/@])/);
  return (
    <code
      className={classes.code}
      title={command}
      onCopy={(event) => {
        event.clipboardData.setData("text/plain", command);
        event.preventDefault();
      }}
    >
      {parts.map((part, position) => (
        <Fragment key={`${position} ${part}`}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </code>
  );
}

export function shortened(command: string): string {
  return command.replace(/(sha(?:256|512):[0-9a-f]{12})[0-9a-f]{20,}/g, "$1…");
}
