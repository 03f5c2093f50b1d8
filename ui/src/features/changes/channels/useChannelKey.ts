/** H opens the history of the channel that the chosen version is on: the one that comes first in the settings. */
import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../../ipc/queries/settings";
import { useAction } from "../../../shared/keys";
import { type VersionAddress, versionDetailQuery } from "../../detail/detailQueries";
import { openChannelHistory } from "./channelHistory";

const nowhere: VersionAddress = { connectionId: "", repository: "", digest: "" };

export function useChannelKey(address: VersionAddress | null): void {
  const detail = useQuery({ ...versionDetailQuery(address ?? nowhere, null), enabled: address !== null }).data;
  const channels = useQuery(settingsQuery).data?.channels ?? [];
  const channel = channels.find(({ name }) => detail?.tags.some((tag) => tag.name === name));
  useAction(
    "channelHistory",
    () => address && channel && openChannelHistory({ ...address, channel: channel.name }),
    address !== null && channel !== undefined,
  );
}
