/** The repositories that were opened last, newest first; kept from one start to the next. */
import { asRecord, readPersisted, usePersisted } from "../../shared/persisted";

export interface LastOpened {
  connectionId: string;
  connection: string;
  repository: string;
  tag: null;
  digest: null;
  matched: string;
  kind: "repository";
}

const key = "berth.lastOpened";
const most = 8;

function parse(value: unknown): LastOpened[] | null {
  if (!Array.isArray(value)) return null;
  return value.flatMap((item) => {
    const kept = asRecord(item);
    if (typeof kept?.connectionId !== "string" || typeof kept.repository !== "string" || typeof kept.connection !== "string") return [];
    return [lastOpenedEntry(kept.connectionId, kept.connection, kept.repository)];
  });
}

function lastOpenedEntry(connectionId: string, connection: string, repository: string): LastOpened {
  return { connectionId, connection, repository, tag: null, digest: null, matched: repository, kind: "repository" };
}

/** The repository of a connection that somebody looks at, or looked at last. */
export function lastOpenedOf(connectionId: string): string | null {
  return readPersisted<LastOpened[]>(key, [], parse).find((one) => one.connectionId === connectionId)?.repository ?? null;
}

export function useLastOpened(): [readonly LastOpened[], (connectionId: string, connection: string, repository: string) => void] {
  const [opened, change] = usePersisted<LastOpened[]>(key, [], parse);
  const add = (connectionId: string, connection: string, repository: string) =>
    change((before) => {
      const [first] = before;
      if (first?.connectionId === connectionId && first.repository === repository) return before;
      const others = before.filter((one) => one.connectionId !== connectionId || one.repository !== repository);
      return [lastOpenedEntry(connectionId, connection, repository), ...others].slice(0, most);
    });
  return [opened, add];
}
