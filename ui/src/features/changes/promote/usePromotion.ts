/** What promoting a version means now: its next channel, and what the button and the keys do. */
import { useQuery } from "@tanstack/react-query";
import type { ChannelSetting } from "../../../ipc";
import { connectionsQuery } from "../../../ipc/queries/connections";
import { settingsQuery } from "../../../ipc/queries/settings";
import { useAction } from "../../../shared/keys";
import { type VersionAddress, versionDetailQuery } from "../../detail/detailQueries";
import { versionName } from "../../detail/versionName";
import { openPromotion, promoteNow } from "./promotion";
import { asksFirst, firstTarget, nextTarget } from "./targets";

interface Promotion {
  /** null: it is as far as it goes. */
  target: string | null;
  /** The dialog opens first. */
  asks: boolean;
  /** Why nothing can be changed now. */
  hindrance: string | null;
  promote: () => void;
  open: () => void;
}

const noChannels: readonly ChannelSetting[] = [];
const nowhere: VersionAddress = { connectionId: "", repository: "", digest: "" };

/** null until the version is known. */
export function usePromotion(address: VersionAddress | null): Promotion | null {
  const detail = useQuery({ ...versionDetailQuery(address ?? nowhere, null), enabled: address !== null }).data;
  const channels = useQuery(settingsQuery).data?.channels ?? noChannels;
  const offline = useQuery(connectionsQuery).data?.some((one) => one.id === address?.connectionId && one.offlineSince !== null);
  if (address === null || detail === undefined) return null;
  const target = nextTarget(channels, detail.tags);
  const asks = target === null || asksFirst(channels.find((channel) => channel.name === target));
  const hindrance = offline ? "Offline: promoting needs the network" : null;
  const open = () => {
    if (hindrance === null) openPromotion({ address, to: firstTarget(channels, detail.tags) });
  };
  const promote = () => {
    if (asks) open();
    else if (hindrance === null && target !== null) promoteNow(address, versionName(detail, address.digest), target);
  };
  return { target, asks, hindrance, promote, open };
}

/** P promotes the version that is chosen now, Shift+P asks where to. */
export function usePromoteKeys(address: VersionAddress | null): void {
  const promotion = usePromotion(address);
  const can = promotion !== null && promotion.hindrance === null;
  useAction("promote", () => promotion?.promote(), can);
  useAction("promoteTo", () => promotion?.open(), can);
}
