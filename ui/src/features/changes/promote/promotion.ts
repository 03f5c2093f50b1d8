/** Promoting a version: its request, its words, and which promotion is shown in the dialog. */
import type { ChangeRequest, Plan } from "../../../ipc";
import { createStore } from "../../../shared/store";
import type { VersionAddress } from "../../detail/detailQueries";
import { type Change, makeChange } from "../running/changes";

interface AskedPromotion {
  address: VersionAddress;
  to: string;
  /** Planned already, because the plan asks for something. */
  plan?: Plan;
}

const store = createStore<AskedPromotion | null>(null);

export const useAskedPromotion = store.use;

export function openPromotion(asked: AskedPromotion): void {
  store.put(asked);
}

export function closePromotion(): void {
  store.put(null);
}

export function promotionRequest({ connectionId, repository, digest }: VersionAddress, to: string): ChangeRequest {
  return { kind: "promote", connectionId, repository, digest, to };
}

export function promotionOf(address: VersionAddress, name: string, to: string): Change {
  return {
    request: promotionRequest(address, to),
    words: { what: `the promotion of ${name} to ${to}`, doing: `Promoting ${name} to ${to}`, done: `Promoted ${name} to ${to}` },
  };
}

/** At once; a channel that asks for something opens the dialog. */
export function promoteNow(address: VersionAddress, name: string, to: string): void {
  void makeChange(promotionOf(address, name, to), (plan) => openPromotion({ address, to, plan }));
}
