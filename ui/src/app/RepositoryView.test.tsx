import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { isSyncing, startSync } from "../features/sync/activity";
import type { ConnectionInfo } from "../ipc";
import { versionsPage } from "../ipc/double/answerVersions";
import { pictureConnections } from "../ipc/double/data/connections";
import { createWorld, defaultSettings } from "../ipc/double/world";
import { renderWithDouble } from "../testing/renderWithDouble";
import { RepositoryView } from "./RepositoryView";

const ghcr = pictureConnections[2] as ConnectionInfo;
const repository = "vision/defect-detector";
const neverSynced = { code: "neverSynced", message: `${repository} was never read`, hint: null, retryable: false };
const unreachable = { code: "unreachable", message: "ghcr.io cannot be reached", hint: null, retryable: true };
const report = { repositories: 1, tags: 31, new: 0, moved: 0, gone: 0, requests: 3, milliseconds: 4, problems: [] };

interface Opened {
  /** Minutes since the repository was read; null: read at no time, but known by its tags; undefined: known by its name only. */
  age: number | null | undefined;
  connection?: Partial<ConnectionInfo>;
  refreshMinutes?: number;
  /** How the synchronisation ends. */
  synced?: () => Promise<unknown>;
}

function open({ age, connection = {}, refreshMinutes = 15, synced = () => Promise.resolve(report) }: Opened) {
  const known = createWorld("");
  const view = (
    <RepositoryView
      connection={{ ...ghcr, ...connection }}
      repository={repository}
      digest={null}
      settings={{ ...defaultSettings, refreshMinutes }}
      onEdit={vi.fn()}
      onNotes={vi.fn()}
    />
  );
  const shown = renderWithDouble(view, {
    instead: (command, given) => {
      if (command === "sync") return synced();
      if (command !== "versions") return undefined;
      if (age === undefined) return Promise.reject(neverSynced);
      const syncedAt = age === null ? null : new Date(Date.now() - age * 60_000).toISOString();
      return { ...versionsPage(known, given.query as Parameters<typeof versionsPage>[1], 0, 100), syncedAt };
    },
  });
  const asked = () => shown.calls.filter((call) => call.command === "sync").map((call) => [call.given.connectionId, call.given.repository]);
  const answered = () => waitFor(() => expect(shown.calls.some((call) => call.command === "versions")).toBe(true));
  return { ...shown, asked, answered };
}

/** Long enough for whatever would be asked. */
const settled = () => new Promise((done) => setTimeout(done, 100));

beforeEach(() => localStorage.clear());

describe("a repository that is opened", () => {
  test.each([
    ["is older than the interval", { age: 16 }],
    ["was never read in full", { age: null }],
    ["was never read", { age: undefined }],
    ["was never read, also without an interval", { age: undefined, refreshMinutes: 0 }],
  ])("is read, it alone, once, when it %s", async (_, opened) => {
    const { asked } = open(opened);
    await waitFor(() => expect(asked()).toEqual([["ghcr", repository]]));
    await waitFor(() => expect(isSyncing()).toBe(false));
    expect(asked()).toHaveLength(1);
  });

  test.each<[string, Opened]>([
    ["is young", { age: 14 }],
    ["is old but nothing is refreshed by itself", { age: 900, refreshMinutes: 0 }],
    ["is offline", { age: 900, connection: { offlineSince: "2026-11-21T11:00:00Z" } }],
    ["has a login that expired", { age: 900, connection: { loginState: "expired" } }],
    ["has no login", { age: null, connection: { loginState: "missing" } }],
  ])("is left as it is when it %s", async (_, opened) => {
    const { asked, answered } = open(opened);
    await answered();
    await settled();
    expect(asked()).toEqual([]);
  });

  test("is not read beside its whole connection", async () => {
    let finish: (report: unknown) => void = () => undefined;
    const synced = new Promise((done) => {
      finish = done;
    });
    const { asked, answered } = open({ age: 900, synced: () => synced });
    // Begun before the first answer, as at the start of the window.
    const whole = startSync("ghcr", null);
    await answered();
    await settled();
    expect(asked()).toEqual([["ghcr", null]]);
    finish(report);
    await whole;
  });

  test("is asked for once where that fails, and what is known stays", async () => {
    const { asked } = open({ age: 900, synced: () => Promise.reject(unreachable) });
    await screen.findByText(unreachable.message);
    await settled();
    expect(asked()).toHaveLength(1);
  });

  test("that was never read says so, not that something went wrong", async () => {
    open({ age: undefined, connection: { loginState: "expired" } });
    await screen.findByRole("heading", { name: `${repository} was not read yet` });
    expect(screen.queryByText(neverSynced.message)).toBeNull();
  });
});
