/** What happens when something is chosen in the palette. */

import { notifications } from "@mantine/notifications";
import type { Entry } from "../features/palette/entries";
import { pullCommands, type SearchHit, type Settings, toProblem } from "../ipc";
import { copyText } from "../shared/clipboard";
import { useRunAction } from "../shared/keys";
import { go } from "./navigation";

async function copyPull(hit: SearchHit, byDigest: boolean): Promise<void> {
  if (hit.digest === null) return;
  try {
    const commands = await pullCommands(hit.connectionId, hit.repository, hit.digest, hit.tag, byDigest || hit.tag === null);
    const tool = JSON.parse(window.localStorage.getItem("berth.pullTool") ?? "null");
    const command = commands.find((candidate) => candidate.tool === tool) ?? commands[0];
    if (command === undefined) notifications.show({ message: "No tool that Berth knows pulls this kind" });
    else await copyText(command.command, `Copied: ${command.label}`);
  } catch (error) {
    notifications.show({ message: toProblem(error).message });
  }
}

export function useRunEntry(settings: Settings): (entry: Entry) => void {
  const run = useRunAction();
  return (entry) => {
    switch (entry.kind) {
      case "action":
        // The palette closes first, so that what opens now gets the focus.
        setTimeout(() => run(entry.action));
        return;
      case "pull":
        void copyPull(entry.hit, settings.pullByDigest);
        return;
      case "page":
        if (entry.hit.digest !== null)
          go({
            page: "version",
            connectionId: entry.hit.connectionId,
            repository: entry.hit.repository,
            digest: entry.hit.digest,
            tab: "overview",
          });
        return;
      default:
        go({ page: "browse", connectionId: entry.hit.connectionId, repository: entry.hit.repository, digest: entry.hit.digest });
    }
  };
}
