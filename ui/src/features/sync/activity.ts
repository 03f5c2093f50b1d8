/** Synchronisations that run now, and what the last ones said. One store for the sidebar, the status bar and the panes. */
import { isCancelled, type Problem, type Progress, type SyncReport, sync, toProblem } from "../../ipc";
import { createStore } from "../../shared/store";
import { lastOpenedOf } from "../sidebar/lastOpened";

export interface RunningSync {
  connectionId: string;
  repository: string | null;
  step: { what: string; done: number; total: number | null } | null;
  requests: number;
  waiting: { reason: "rateLimited" | "serverBusy" | "unreachable"; host: string; until: string } | null;
}

interface Activity {
  running: readonly RunningSync[];
  /** By connection: the last report, kept until the next one. */
  reports: Readonly<Record<string, SyncReport>>;
  /** By what was read (see `scopeOf`): why that failed the last time. Gone when it, or all of the connection, succeeds. */
  problems: Readonly<Record<string, Problem>>;
}

const store = createStore<Activity>({ running: [], reports: {}, problems: {} });
const controllers = new Map<RunningSync, AbortController>();
const byKey = new Map<string, RunningSync>();

function change(next: Partial<Activity>): void {
  store.put({ ...store.get(), ...next });
}

export const useActivity = store.use;

function withProgress(running: RunningSync, progress: Progress): RunningSync {
  switch (progress.type) {
    case "step":
      return { ...running, step: { what: progress.what, done: progress.done, total: progress.total }, waiting: null };
    case "requests":
      return { ...running, requests: progress.count };
    case "waiting":
      return { ...running, waiting: { reason: progress.reason, host: progress.host, until: progress.until } };
    case "bytes":
    case "parts":
    case "warned":
      return running;
  }
}

function scopeOf(connectionId: string, repository: string | null): string {
  return `${connectionId} ${repository ?? ""}`;
}

/** Why the last synchronisation of a connection, or of this repository in it, failed. */
export function problemOf({ problems }: Activity, connectionId: string, repository: string): Problem | null {
  return problems[scopeOf(connectionId, null)] ?? problems[scopeOf(connectionId, repository)] ?? null;
}

/** Problems that are over when this was read. Whoever reads a repository reaches its connection too. */
function withoutSolved(problems: Activity["problems"], connectionId: string, repository: string | null): Activity["problems"] {
  const whole = scopeOf(connectionId, null);
  const read = scopeOf(connectionId, repository);
  const solved = (key: string) => key === whole || key === read || (repository === null && key.startsWith(whole));
  return Object.fromEntries(Object.entries(problems).filter(([key]) => !solved(key)));
}

/** Starts a synchronisation unless the same one runs already. Its end is in the store; it never rejects. */
export async function startSync(connectionId: string, repository: string | null): Promise<void> {
  const key = scopeOf(connectionId, repository);
  if (byKey.has(key)) return;
  let running: RunningSync = { connectionId, repository, step: null, requests: 0, waiting: null };
  const controller = new AbortController();
  const put = (next: RunningSync) => {
    controllers.delete(running);
    controllers.set(next, controller);
    byKey.set(key, next);
    change({ running: [...store.get().running.filter((other) => other !== running), next] });
    running = next;
  };
  put(running);
  try {
    const report = await sync(connectionId, repository, repository === null ? lastOpenedOf(connectionId) : null, {
      signal: controller.signal,
      onProgress: (progress) => byKey.has(key) && put(withProgress(running, progress)),
    });
    const problems = withoutSolved(store.get().problems, connectionId, repository);
    change({ reports: { ...store.get().reports, [connectionId]: report }, problems });
  } catch (error) {
    if (!isCancelled(error)) change({ problems: { ...store.get().problems, [key]: toProblem(error) } });
  } finally {
    byKey.delete(key);
    controllers.delete(running);
    change({ running: store.get().running.filter((other) => other !== running) });
  }
}

export function isSyncing(): boolean {
  return controllers.size > 0;
}

/** A synchronisation that reads this repository runs: its own, or that of its whole connection. */
export function isCovered(connectionId: string, repository: string): boolean {
  return byKey.has(scopeOf(connectionId, null)) || byKey.has(scopeOf(connectionId, repository));
}

/** Cancels all synchronisations of this window. What was read stays. */
export function cancelSync(): void {
  for (const controller of controllers.values()) controller.abort();
}
