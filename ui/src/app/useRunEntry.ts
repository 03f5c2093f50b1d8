/** What happens when something is chosen in the palette. */
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { openPromotion } from "../features/changes/promote/promotion";
import { firstTarget } from "../features/changes/promote/targets";
import { compareVersions, compareWithPrevious } from "../features/compare/comparing";
import { addToTray } from "../features/compare/tray";
import { type VersionAddress, versionDetailQuery } from "../features/detail/detailQueries";
import type { Entry } from "../features/palette/entries";
import { copyPullCommands } from "../features/pull/copyPullCommands";
import { usePullChoice } from "../features/pull/pullChoice";
import { toProblem } from "../ipc";
import { settingsQuery } from "../ipc/queries/settings";
import { useRunAction } from "../shared/keys";
import { goCopy } from "./goCopy";
import { go } from "./navigation";

export function useRunEntry(): (entry: Entry) => void {
  const client = useQueryClient();
  const choice = usePullChoice();
  const run = useRunAction();
  const askWhereTo = async ({ connectionId, repository, digest }: VersionAddress) => {
    const address = { connectionId, repository, digest };
    try {
      const [detail, { channels }] = await Promise.all([
        client.fetchQuery(versionDetailQuery(address, null)),
        client.fetchQuery(settingsQuery),
      ]);
      openPromotion({ address, to: firstTarget(channels, detail.tags) });
    } catch (error) {
      notifications.show({ message: toProblem(error).message });
    }
  };
  return (entry) => {
    switch (entry.kind) {
      case "action":
        // The palette closes first, so that what opens now gets the focus.
        setTimeout(() => run(entry.action));
        return;
      case "link":
        go(entry.route);
        return;
      case "compare":
        if (entry.hit.digest !== null) void compareVersions(client, [{ ...entry.hit, digest: entry.hit.digest }]);
        return;
      case "comparePrevious":
        if (entry.hit.digest !== null) void compareWithPrevious(client, { ...entry.hit, digest: entry.hit.digest });
        return;
      case "tray":
        if (entry.hit.digest !== null) addToTray([{ ...entry.hit, digest: entry.hit.digest }]);
        return;
      case "promote":
        if (entry.hit.digest !== null) void askWhereTo({ ...entry.hit, digest: entry.hit.digest });
        return;
      case "copy":
        if (entry.hit.digest !== null) goCopy({ ...entry.hit, digest: entry.hit.digest });
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
