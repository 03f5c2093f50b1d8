/** The pull commands of all chosen versions, one per line, for the tool that was used last. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Choice } from "../../shared/Choice";
import { formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import { pullCommandsQuery } from "../detail/detailQueries";
import { copyPullCommands } from "../pull/copyPullCommands";
import { shortened } from "../pull/PullBox";
import { chosenCommand, pullByDigest, pullWith, usePullChoice } from "../pull/pullChoice";
import classes from "./SelectionPane.module.css";

interface SelectionPullProps {
  connectionId: string;
  repository: string;
  digests: readonly string[];
}

export function SelectionPull({ connectionId, repository, digests }: SelectionPullProps) {
  const client = useQueryClient();
  const choice = usePullChoice();
  const first = digests[0] ?? "";
  const firstCommands = useQuery({ ...pullCommandsQuery({ connectionId, repository, digest: first }, null, true), enabled: first !== "" });
  const tools = firstCommands.data ?? [];
  const current = chosenCommand(tools, choice);
  const copyAll = () => {
    const versions = digests.map((digest) => ({ connectionId, repository, digest }));
    void copyPullCommands(client, versions, choice);
  };
  if (current === undefined) return null;
  return (
    <footer className={classes.pull}>
      <div className={classes.pullTools}>
        <Choice
          name="Tool"
          value={current.tool}
          options={tools.map((one) => ({ value: one.tool, label: one.label }))}
          onChange={pullWith}
        />
        <SegmentedControl
          aria-label="Pull by"
          data={[
            { value: "tag", label: "Tag" },
            { value: "digest", label: "Digest" },
          ]}
          value={choice.byDigest ? "digest" : "tag"}
          onChange={(value) => pullByDigest(value === "digest")}
        />
        <span className={text.grow} />
        <Button size="xs" leftSection={<Icon of={IconCopy} size="small" />} onClick={copyAll}>
          Copy {formatCount(digests.length)}
        </Button>
      </div>
      <code className={classes.code}>{shortened(current.command)}</code>
    </footer>
  );
}
