/** What changes show over any page: the dialogs that ask, and the toasts that tell. */
import type { ConnectionInfo, Settings } from "../../ipc";
import { ChannelHistory } from "./channels/ChannelHistory";
import { PromoteDialog } from "./promote/PromoteDialog";
import { ChangeToasts } from "./running/ChangeToasts";
import { PlanDialog } from "./running/PlanDialog";
import { useUndoKey } from "./running/useUndoKey";

interface ChangeDialogsProps {
  connections: readonly ConnectionInfo[];
  settings: Settings;
}

export function ChangeDialogs({ connections, settings }: ChangeDialogsProps) {
  useUndoKey();
  return (
    <>
      <PromoteDialog connections={connections} settings={settings} />
      <ChannelHistory connections={connections} />
      <PlanDialog />
      <ChangeToasts />
    </>
  );
}
