/** What happens when something is chosen in the palette. */
import { useQueryClient } from "@tanstack/react-query";
import type { Entry } from "../features/palette/entries";
import { copyPullCommands } from "../features/pull/copyPullCommands";
import { usePullChoice } from "../features/pull/pullChoice";
import { useRunAction } from "../shared/keys";
import { go } from "./navigation";

export function useRunEntry(): (entry: Entry) => void {
  const client = useQueryClient();
  const choice = usePullChoice();
  const run = useRunAction();
  return (entry) => {
    switch (entry.kind) {
      case "action":
        // The palette closes first, so that what opens now gets the focus.
        setTimeout(() => run(entry.action));
        return;
      case "pull":
        if (entry.hit.digest !== null) void copyPullCommands(client, [{ ...entry.hit, digest: entry.hit.digest }], choice);
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
