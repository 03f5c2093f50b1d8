import { mockIPC } from "@tauri-apps/api/mocks";
import { renderHook, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ConnectionInfo, SyncReport } from "../../ipc";
import { pictureConnections } from "../../ipc/double/data/connections";
import { cancelSync, isSyncing, problemOf, startSync, useActivity } from "./activity";
import { dueConnections } from "./useRefresh";

const [connection] = pictureConnections as [ConnectionInfo];
const now = Date.parse("2026-11-21T12:00:00Z");

describe("what is asked for by itself", () => {
  const due = (part: Partial<ConnectionInfo>) => dueConnections([{ ...connection, ...part }], 15, now).length === 1;

  it("is what is older than the interval, or was never read", () => {
    expect(due({ syncedAt: "2026-11-21T11:46:00Z" })).toBe(false);
    expect(due({ syncedAt: "2026-11-21T11:45:00Z" })).toBe(true);
    expect(due({ syncedAt: null })).toBe(true);
  });

  it("is nothing that needs a person, or that runs already", () => {
    expect(due({ syncedAt: null, loginState: "expired" })).toBe(false);
    expect(due({ syncedAt: null, loginState: "missing" })).toBe(false);
    expect(due({ syncedAt: null, syncing: true })).toBe(false);
  });
});

describe("a synchronisation", () => {
  const report: SyncReport = { repositories: 1, tags: 2, new: 0, moved: 0, gone: 0, requests: 3, milliseconds: 4, problems: [] };

  it("runs once however often it is asked for; its report stays", async () => {
    let asked = 0;
    mockIPC(async (command) => {
      if (command === "sync") asked += 1;
      return report;
    });
    const { result } = renderHook(useActivity);
    const both = Promise.all([startSync("one", null), startSync("one", null)]);
    expect(isSyncing()).toBe(true);
    await both;
    expect(asked).toBe(1);
    await waitFor(() => expect(result.current.reports.one).toEqual(report));
    expect(isSyncing()).toBe(false);
  });

  it("of a whole connection begins with what somebody looked at last", async () => {
    const asked: unknown[] = [];
    mockIPC(async (_, given) => {
      asked.push((given as { first: string | null }).first);
      return report;
    });
    const opened = { connectionId: "one", connection: "One", repository: "team/model" };
    window.localStorage.setItem("berth.lastOpened", JSON.stringify([opened]));
    await startSync("one", null);
    await startSync("one", "other");
    await startSync("two", null);
    window.localStorage.clear();
    expect(asked).toEqual(["team/model", null, null]);
  });

  it("that fails is a problem of its connection until one succeeds", async () => {
    const problem = { code: "unreachable", message: "registry.example cannot be reached", hint: null, retryable: true };
    mockIPC(() => Promise.reject(problem));
    const { result } = renderHook(useActivity);
    await startSync("two", null);
    await waitFor(() => expect(problemOf(result.current, "two", "any")).toEqual(problem));
    mockIPC(() => report);
    await startSync("two", null);
    await waitFor(() => expect(problemOf(result.current, "two", "any")).toBeNull());
  });

  it("of one repository that fails says nothing of the others, until all of them were read", async () => {
    const problem = { code: "notFound", message: "vision/gone is not there", hint: null, retryable: false };
    mockIPC(() => Promise.reject(problem));
    const { result } = renderHook(useActivity);
    await startSync("four", "vision/gone");
    await waitFor(() => expect(problemOf(result.current, "four", "vision/gone")).toEqual(problem));
    expect(problemOf(result.current, "four", "vision/other")).toBeNull();
    mockIPC(() => report);
    await startSync("four", "vision/other");
    expect(problemOf(result.current, "four", "vision/gone")).toEqual(problem);
    await startSync("four", null);
    await waitFor(() => expect(problemOf(result.current, "four", "vision/gone")).toBeNull());
  });

  it("that is cancelled is cancelled in the program too, and is no problem", async () => {
    const cancelled: unknown[] = [];
    let stop: (reason: unknown) => void = () => undefined;
    let operation: unknown;
    mockIPC((command, payload) => {
      const given = payload as { operation: string };
      if (command === "cancel") {
        cancelled.push(given.operation);
        stop({ code: "cancelled", message: "Cancelled", hint: null, retryable: true });
        return null;
      }
      operation = given.operation;
      return new Promise((_, reject) => {
        stop = reject;
      });
    });
    const { result } = renderHook(useActivity);
    const running = startSync("three", null);
    await waitFor(() => expect(operation).toBeTypeOf("string"));
    cancelSync();
    await running;
    expect(cancelled).toEqual([operation]);
    expect(problemOf(result.current, "three", "any")).toBeNull();
    expect(isSyncing()).toBe(false);
  });
});
