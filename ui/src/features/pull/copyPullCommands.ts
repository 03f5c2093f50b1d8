/** Copies the commands that pull versions, one per line, for the tool one uses. */
import { notifications } from "@mantine/notifications";
import type { QueryClient } from "@tanstack/react-query";
import { type PullCommand, toProblem } from "../../ipc";
import { copyText } from "../../shared/clipboard";
import { counted, formatCount } from "../../shared/format";
import { pullCommandsQuery, type VersionAddress, versionDetailQuery } from "../detail/detailQueries";
import { chosenCommand, type PullChoice } from "./pullChoice";

export interface PulledVersion extends VersionAddress {
  /** Its name in the command; left out: the first tag that it has. */
  tag?: string | null;
  /** The platform under which it is shown, so that nothing is asked twice. */
  platform?: string | null;
}

async function commandsOf(client: QueryClient, version: PulledVersion, { byDigest }: PullChoice): Promise<PullCommand[]> {
  const { tag, platform = null, ...address } = version;
  const name = tag === undefined ? ((await client.fetchQuery(versionDetailQuery(address, platform))).tags[0]?.name ?? null) : tag;
  return client.fetchQuery(pullCommandsQuery(address, name, byDigest || name === null));
}

/** The tool of the first version is the tool of all; those that it cannot pull are left out, and said. */
export async function copyPullCommands(client: QueryClient, versions: readonly PulledVersion[], choice: PullChoice): Promise<void> {
  try {
    const copied: string[] = [];
    let tool: PullCommand | undefined;
    for (const version of versions) {
      const commands = await commandsOf(client, version, choice);
      tool ??= chosenCommand(commands, choice);
      const command = commands.find((candidate) => candidate.tool === tool?.tool)?.command;
      if (command !== undefined) copied.push(command);
    }
    if (tool === undefined) notifications.show({ message: "No tool that Berth knows pulls this kind" });
    else await copyText(copied.join("\n"), said(tool, copied.length, versions.length));
  } catch (error) {
    notifications.show({ message: toProblem(error).message });
  }
}

function said(tool: PullCommand, copied: number, wanted: number): string {
  if (wanted === 1) return `Copied: ${tool.label}`;
  const missing = wanted - copied;
  const rest = missing === 0 ? "" : `; ${tool.label} cannot pull ${formatCount(missing)} of them`;
  return `Copied ${counted(copied, "pull command")}${rest}`;
}
