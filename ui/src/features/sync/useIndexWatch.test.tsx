import { useQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connectionsQuery, startQuery } from "../../ipc/queries/connections";
import { keychainQuery, settingsQuery } from "../../ipc/queries/settings";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { useIndexWatch } from "./useIndexWatch";

function Watching() {
  useIndexWatch();
  useQuery(startQuery);
  useQuery(keychainQuery);
  const connections = useQuery(connectionsQuery).data ?? [];
  const settings = useQuery(settingsQuery).data;
  return (
    <p>
      {connections.length} connections, every {settings?.refreshMinutes} min
    </p>
  );
}

/** And as long as answers take to be drawn. */
const second = () => act(() => vi.advanceTimersByTimeAsync(1050));

function watch(wanted = "", instead?: (command: string) => unknown) {
  const shown = renderWithDouble(<Watching />, instead ? { wanted, instead } : { wanted });
  const asked = (command: string) => shown.calls.filter((call) => call.command === command).length;
  return { ...shown, asked };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what another process wrote to the index or the settings is on screen a second later", async () => {
  const { world, asked } = watch();
  await second();
  expect(screen.getByText("5 connections, every 15 min")).toBeTruthy();
  world.connections = world.connections.slice(1);
  world.settings = { ...world.settings, refreshMinutes: 30 };
  await second();
  // Nobody said that anything changed.
  expect(screen.getByText("5 connections, every 15 min")).toBeTruthy();
  world.revision += 1;
  await second();
  expect(screen.getByText("4 connections, every 30 min")).toBeTruthy();
  expect([asked("connections"), asked("settings")]).toEqual([2, 2]);
  // Both are known once for all, or cost the person a question.
  expect([asked("start"), asked("keychain_state")]).toEqual([1, 1]);
});

test("nothing is asked while nobody sees the window, and at once when it comes back", async () => {
  const visibility = vi.spyOn(document, "visibilityState", "get");
  const { world, asked } = watch();
  await second();
  visibility.mockReturnValue("hidden");
  const before = asked("revision");
  world.connections = world.connections.slice(1);
  world.revision += 1;
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(asked("revision")).toBe(before);
  visibility.mockReturnValue("visible");
  await act(async () => void document.dispatchEvent(new Event("visibilitychange")));
  await act(() => vi.advanceTimersByTimeAsync(10));
  expect(screen.getByText(/^4 connections/)).toBeTruthy();
  visibility.mockRestore();
});

test("an index that cannot be read for a while is looked at again", async () => {
  let broken = false;
  const { world } = watch("", (command) =>
    command === "revision" && broken ? Promise.reject({ code: "storage", message: "busy", hint: null, retryable: true }) : undefined,
  );
  await second();
  broken = true;
  world.connections = world.connections.slice(1);
  world.revision += 1;
  await second();
  expect(screen.getByText(/^5 connections/)).toBeTruthy();
  broken = false;
  await second();
  expect(screen.getByText(/^4 connections/)).toBeTruthy();
});

test("a synchronisation of another process is seen to end although it writes nothing as it ends", async () => {
  const { world } = watch();
  await second();
  for (const connection of world.connections) connection.syncing = true;
  world.revision += 1;
  await second();
  // Its lock was still there when its last change was seen.
  world.connections = world.connections.slice(1).map((connection) => ({ ...connection, syncing: false }));
  await second();
  await second();
  expect(screen.getByText(/^4 connections/)).toBeTruthy();
});
