/** The command that pulls this version, for the tool one uses. */
import { Button, SegmentedControl, Select, Skeleton } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment } from "react";
import type { VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { Icon } from "../../shared/Icon";
import { useKeyName } from "../../shared/keys";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { pullCommandsQuery, type VersionAddress } from "../detail/detailQueries";
import { copyPullCommands } from "./copyPullCommands";
import classes from "./PullBox.module.css";
import { chosenCommand, pullByDigest, pullWith, usePullChoice } from "./pullChoice";

interface PullBoxProps {
  address: VersionAddress;
  detail: VersionDetail;
}

export function PullBox({ address, detail }: PullBoxProps) {
  const client = useQueryClient();
  const choice = usePullChoice();
  const tag = detail.tags[0]?.name ?? null;
  const byDigest = tag === null || choice.byDigest;
  const query = useQuery(pullCommandsQuery(address, tag, byDigest));
  const commands = query.data ?? [];
  const command = chosenCommand(commands, choice);
  // Some tools know tags only: then the command is not by digest, whatever was chosen.
  const goesByDigest = command === undefined ? byDigest : command.command.includes(address.digest);
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
            if (next !== null) pullWith(next);
          }}
        />
        <SegmentedControl
          aria-label="Pull by"
          data={[
            { value: "tag", label: "Tag", disabled: tag === null },
            { value: "digest", label: "Digest", disabled: byDigest && !goesByDigest },
          ]}
          value={goesByDigest ? "digest" : "tag"}
          onChange={(value) => pullByDigest(value === "digest")}
        />
        <span className={classes.spacer} />
        <Button
          size="xs"
          title={`Copy the command (${copyKey})`}
          disabled={command === undefined}
          leftSection={<Icon of={IconCopy} size="small" />}
          onClick={() => void copyPullCommands(client, [{ ...address, tag }], choice)}
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
