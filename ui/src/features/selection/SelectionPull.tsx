/** The pull commands of all chosen versions, one per line, for the tool that was used last. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { version } from "../../ipc";
import { settingsQuery } from "../../ipc/queries/settings";
import { Choice } from "../../shared/Choice";
import { copyText } from "../../shared/clipboard";
import { counted, formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useAction } from "../../shared/keys";
import { usePersisted } from "../../shared/persisted";
import text from "../../shared/text.module.css";
import { pullCommandsQuery } from "../detail/detailQueries";
import { shortened } from "../detail/PullBox";
import classes from "./SelectionPane.module.css";

interface SelectionPullProps {
  connectionId: string;
  repository: string;
  digests: readonly string[];
}

export function SelectionPull({ connectionId, repository, digests }: SelectionPullProps) {
  const client = useQueryClient();
  const preferred = useQuery(settingsQuery).data?.pullByDigest ?? true;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const [tool, setTool] = usePersisted<string | null>("berth.pullTool", null, (value) => (typeof value === "string" ? value : null));
  const byDigest = chosen ?? preferred;
  const first = digests[0] ?? "";
  const firstCommands = useQuery({ ...pullCommandsQuery({ connectionId, repository, digest: first }, null, true), enabled: first !== "" });
  const tools = firstCommands.data ?? [];
  const current = tools.find((candidate) => candidate.tool === tool) ?? tools[0];

  const commandOf = async (digest: string): Promise<string | undefined> => {
    const tag = byDigest ? null : ((await version(connectionId, repository, digest, null)).tags[0]?.name ?? null);
    const commands = await client.fetchQuery(pullCommandsQuery({ connectionId, repository, digest }, tag, byDigest || tag === null));
    return commands.find((candidate) => candidate.tool === current?.tool)?.command;
  };
  const copyAll = async () => {
    const commands: string[] = [];
    for (const digest of digests) {
      const command = await commandOf(digest);
      if (command !== undefined) commands.push(command);
    }
    const missing = digests.length - commands.length;
    const rest = missing === 0 ? "" : `; ${current?.label ?? "the tool"} cannot pull ${formatCount(missing)} of them`;
    await copyText(commands.join("\n"), `Copied ${counted(commands.length, "pull command")}${rest}`);
  };
  useAction("copyPullCommand", () => void copyAll());
  useAction("copyDigest", () => void copyText(digests.join("\n"), `Copied ${counted(digests.length, "digest")}`));
  if (current === undefined) return null;
  return (
    <footer className={classes.pull}>
      <div className={classes.pullTools}>
        <Choice
          name="Tool"
          value={current.tool}
          options={tools.map((one) => ({ value: one.tool, label: one.label }))}
          onChange={(next) => setTool(() => next)}
        />
        <SegmentedControl
          aria-label="Pull by"
          data={[
            { value: "tag", label: "Tag" },
            { value: "digest", label: "Digest" },
          ]}
          value={byDigest ? "digest" : "tag"}
          onChange={(value) => setChosen(value === "digest")}
        />
        <span className={text.grow} />
        <Button size="xs" leftSection={<Icon of={IconCopy} size="small" />} onClick={() => void copyAll()}>
          Copy {formatCount(digests.length)}
        </Button>
      </div>
      <code className={classes.code}>{shortened(current.command)}</code>
    </footer>
  );
}
