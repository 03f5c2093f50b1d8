/** The history of which channel is shown, and rolling one back. */
import { createStore } from "../../../shared/store";
import { makeChange } from "../running/changes";
import { askForPlan } from "../running/planDialog";

export interface ChannelAddress {
  connectionId: string;
  repository: string;
  channel: string;
}

const store = createStore<ChannelAddress | null>(null);

export const useAskedChannel = store.use;

export function openChannelHistory(address: ChannelAddress): void {
  store.put(address);
}

export function closeChannelHistory(): void {
  store.put(null);
}

/** At once; `to` is what it pointed at before. */
export function rollBack({ connectionId, repository, channel }: ChannelAddress, to: string): void {
  const words = {
    what: `the roll-back of ${channel} to ${to}`,
    doing: `Rolling ${channel} back to ${to}`,
    done: `Rolled ${channel} back to ${to}`,
  };
  const request = { kind: "rollback" as const, connectionId, repository, channel };
  void makeChange({ request, words }, (plan) =>
    askForPlan({ request, words, plan, title: `Roll ${channel} back to ${to}`, verb: `Roll back to ${to}` }),
  );
}
