/** Versions that were put aside to be compared, from any repository; kept from one start to the next. */
import { notifications } from "@mantine/notifications";
import { mostCompared } from "../../app/navigation/compareRoute";
import { asRecord, readPersisted, writePersisted } from "../../shared/persisted";
import { createStore } from "../../shared/store";
import type { VersionAddress } from "../detail/detailQueries";

const key = "berth.compareTray";
const store = createStore<readonly VersionAddress[]>(readPersisted(key, [], parse));

export const useTray = store.use;

function put(versions: readonly VersionAddress[]): void {
  writePersisted(key, versions);
  store.put(versions);
}

/** What is there already stays where it is. What does not fit is left out, and that is said. */
export function addToTray(added: readonly VersionAddress[]): void {
  const versions = [...store.get()];
  for (const { connectionId, repository, digest } of added) {
    if (!versions.some((one) => isSame(one, { connectionId, repository, digest }))) versions.push({ connectionId, repository, digest });
  }
  if (versions.length > mostCompared)
    notifications.show({ message: `At most ${mostCompared} versions can be compared; the first are kept` });
  put(versions.slice(0, mostCompared));
}

export function removeFromTray(version: VersionAddress): void {
  put(store.get().filter((one) => !isSame(one, version)));
}

export function clearTray(): void {
  put([]);
}

function isSame(one: VersionAddress, other: VersionAddress): boolean {
  return one.connectionId === other.connectionId && one.repository === other.repository && one.digest === other.digest;
}

/** What was kept; anything that is no version is left out. */
export function parse(value: unknown): VersionAddress[] | null {
  if (!Array.isArray(value)) return null;
  const versions = value.flatMap((item): VersionAddress[] => {
    const kept = asRecord(item);
    if (typeof kept?.connectionId !== "string" || typeof kept.repository !== "string" || typeof kept.digest !== "string") return [];
    return [{ connectionId: kept.connectionId, repository: kept.repository, digest: kept.digest }];
  });
  return versions.slice(0, mostCompared);
}
