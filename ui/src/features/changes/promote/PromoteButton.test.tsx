import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defectDetector } from "../../../ipc/double/data/versions";
import { createWorld } from "../../../ipc/double/world";
import { renderWithDouble } from "../../../testing/renderWithDouble";
import { ChangeDialogs } from "../ChangeDialogs";
import { forgetUndoable, lastUndoable } from "../running/changes";
import { closePlan } from "../running/planDialog";
import { PromoteButton } from "./PromoteButton";
import { closePromotion } from "./promotion";
import { usePromoteKeys } from "./usePromotion";

const repository = "vision/defect-detector";
const digestOf = (name: string) => defectDetector.find((one) => one.row.tags.some((tag) => tag.name === name))?.row.digest ?? "";

function Pane({ name, keys }: { name: string; keys: boolean }) {
  const address = { connectionId: "ghcr", repository, digest: digestOf(name) };
  usePromoteKeys(keys ? address : null);
  return (
    <div>
      <button type="button" data-list>
        list
      </button>
      <PromoteButton address={address} />
    </div>
  );
}

interface Opened {
  wanted?: string;
  instead?: (command: string, given: Record<string, unknown>) => unknown;
}

function open(name: string, options: Opened = {}) {
  const { connections, settings } = createWorld(options.wanted ?? "");
  const shown = renderWithDouble(
    <>
      <Pane name={name} keys />
      <ChangeDialogs connections={connections} settings={settings} />
    </>,
    options,
  );
  const changing = () => shown.calls.filter(({ command }) => /^(plan|execute)_change$/.test(command)).map(({ command }) => command);
  const requests = () => shown.calls.filter(({ command }) => command === "plan_change").map(({ given }) => given.request);
  return { ...shown, changing, requests };
}

const button = (name: string) => screen.findByRole("button", { name });
const pointed = (world: ReturnType<typeof createWorld>, tag: string) =>
  (world.changes.versions.get(`ghcr ${repository}`) ?? defectDetector).find((one) => one.row.tags.some((label) => label.name === tag))?.row
    .digest;

beforeEach(() => localStorage.clear());
afterEach(() => {
  for (let last = lastUndoable(); last !== undefined; last = lastUndoable()) forgetUndoable(last.journalId);
  closePromotion();
  closePlan();
});

describe("one click", () => {
  it("plans anew, carries out exactly that plan, says so, and the button names the next channel", async () => {
    const { user, world, calls, changing } = open("1.4.1");
    await user.click(await button("Promote to staging"));
    await screen.findByText("Promoted 1.4.1 to staging");
    expect(changing()).toEqual(["plan_change", "execute_change"]);
    expect(calls.find(({ command }) => command === "execute_change")?.given.planId).toMatch(/^[0-9a-f]{16}$/);
    expect(pointed(world, "staging")).toBe(digestOf("1.4.1"));
    expect(screen.queryByRole("dialog")).toBeNull();
    await button("Promote to production…");
  });

  it("is taken back by Undo in the toast, as a plan of its own", async () => {
    const { user, world, requests } = open("1.4.1");
    await user.click(await button("Promote to staging"));
    await user.click(await screen.findByRole("button", { name: /^Undo/ }));
    await screen.findByText("Undid the promotion of 1.4.1 to staging");
    expect(requests()).toEqual([
      { kind: "promote", connectionId: "ghcr", repository, digest: digestOf("1.4.1"), to: "staging" },
      { kind: "undo", id: world.changes.journal.find(({ entry }) => entry.state === "undone" && entry.kind === "promote")?.entry.id },
    ]);
    expect(pointed(world, "staging")).toBe(digestOf("1.4.2"));
    expect(lastUndoable()).toBeUndefined();
  });

  it("is taken back by Ctrl+Z, from anywhere", async () => {
    const { user, world } = open("1.4.1");
    await user.click(await button("Promote to staging"));
    await screen.findByText("Promoted 1.4.1 to staging");
    await user.keyboard("{Control>}z{/Control}");
    await screen.findByText("Undid the promotion of 1.4.1 to staging");
    expect(pointed(world, "staging")).toBe(digestOf("1.4.2"));
  });

  it("is what P does in a list; twice is once", async () => {
    const { user, changing } = open("1.4.1");
    await button("Promote to staging");
    await user.click(screen.getByText("list"));
    await user.keyboard("pp");
    await screen.findByText("Promoted 1.4.1 to staging");
    expect(changing()).toEqual(["plan_change", "execute_change"]);
  });

  it("can be cancelled while it runs; that is no error", async () => {
    const { user, world } = open("1.4.1", { wanted: "loading" });
    await user.click(await button("Promote to staging"));
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByText(/^Promoting/)).toBeNull());
    expect(screen.queryByRole("alert")).toBeNull();
    expect(pointed(world, "staging")).toBe(digestOf("1.4.2"));
  });

  it("says that nothing was changed where somebody was quicker", async () => {
    const { user } = open("1.4.1", { wanted: "moved" });
    await user.click(await button("Promote to staging"));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The promotion of 1.4.1 to staging failed");
    expect(alert.textContent).toContain("Nothing was changed: staging has moved to 4be1907c since the plan.");
    expect(within(alert).queryByRole("button", { name: /Undo/ })).toBeNull();
    await user.click(within(alert).getByRole("button", { name: "See the steps" }));
    expect(window.location.hash).toMatch(/^#\/journal\/change-/);
  });

  it("opens the dialog where the plan asks for something, though the channel is not set to ask", async () => {
    const asked = { requirement: "a signature", met: true, detail: "1 signature" };
    const { user, changing } = open("1.4.1", {
      instead: (command, given) => {
        const request = given.request as { to?: string } | undefined;
        if (command !== "plan_change" || request?.to !== "staging") return undefined;
        const step = {
          action: "put-manifest",
          reference: "",
          digest: digestOf("1.4.1"),
          expectedDigest: digestOf("1.4.2"),
          tags: ["staging"],
        };
        const steps = [{ ...step, reason: "", bytes: 0 }];
        const nothing = { kept: [], protected: [], unreadable: [], warnings: [], reclaimedBytes: 0, deletedTags: 0, typedName: null };
        return { kind: "promote", planId: "p", steps, requirements: [asked], ...nothing };
      },
    });
    await user.click(await button("Promote to staging"));
    await screen.findByRole("dialog", { name: "Promote to staging" });
    await screen.findByText("a signature");
    expect(changing()).not.toContain("execute_change");
  });

  it("does nothing offline, and says why", async () => {
    const { user, changing } = open("1.4.1", { wanted: "offline" });
    await user.click(await button("Promote to staging"));
    await user.click(screen.getByText("list"));
    await user.keyboard("p");
    expect(changing()).toEqual([]);
    expect(screen.queryByRole("button", { name: "Promote to…" })).toBeNull();
  });
});

describe("the dialog", () => {
  it("opens for production, shows what differs and what moves, and Enter promotes", async () => {
    const { user, world, changing } = open("1.4.2");
    await user.click(await button("Promote to production…"));
    const dialog = await screen.findByRole("dialog");
    await within(dialog).findByText(/staging, 1\.4 and latest stay on 1\.4\.2; 1\.4\.0 keeps its own tag/);
    expect((await within(dialog).findByRole("row", { name: /^accuracy/ })).textContent).toBe("accuracy0.9410.947+0.006");
    await within(dialog).findByText(/production before: 1\.4\.0 since/);
    expect(changing()).toEqual(["plan_change"]);
    await user.keyboard("{Enter}");
    await screen.findByText("Promoted 1.4.2 to production");
    expect(changing()).toEqual(["plan_change", "execute_change"]);
    expect(pointed(world, "production")).toBe(digestOf("1.4.2"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("opens from the arrow, and another tag may be chosen or typed", async () => {
    const { user, world } = open("1.4.1");
    await user.click(await button("Promote to…"));
    await user.click(await button("Tag to move: staging"));
    await user.click(await screen.findByRole("menuitem", { name: "Another tag…" }));
    await user.type(await screen.findByRole("textbox", { name: "Tag to move" }), "line-9{Enter}");
    await screen.findByText("line-9 is new");
    await user.click(await button("Promote to line-9 Enter"));
    await screen.findByText("Promoted 1.4.1 to line-9");
    expect(pointed(world, "line-9")).toBe(digestOf("1.4.1"));
  });

  it("does not promote where something that is asked for is missing", async () => {
    const { user, changing } = open("1.4.1", { wanted: "asks" });
    await user.click(await button("Promote to…"));
    await user.click(await button("Tag to move: staging"));
    await user.click(await screen.findByRole("menuitemradio", { name: "production" }));
    await screen.findByText("accuracy >= 0.945");
    expect(screen.getByText(/is missing: accuracy is 0.944/)).toBeTruthy();
    const main = await button("Promote to production Enter");
    expect(main.getAttribute("aria-disabled")).toBe("true");
    await user.click(main);
    expect(changing()).not.toContain("execute_change");
  });

  it("that was confirmed before the registry was read goes on only if it holds what was shown", async () => {
    let answer: (plan: unknown) => void = () => undefined;
    const fresh = new Promise((resolve) => {
      answer = resolve;
    });
    const { user, calls, changing } = open("1.4.2", { instead: (command) => (command === "plan_change" ? fresh : undefined) });
    await user.click(await button("Promote to production…"));
    await screen.findByText(/1\.4\.0 keeps its own tag/);
    await user.keyboard("{Enter}");
    await screen.findByText("Reading the registry");
    const step = { action: "put-manifest", reference: "GHCR/x", digest: digestOf("1.4.2"), tags: ["production"], reason: "", bytes: 0 };
    const nothing = {
      kept: [],
      protected: [],
      unreadable: [],
      warnings: [],
      reclaimedBytes: 0,
      deletedTags: 0,
      requirements: [],
      typedName: null,
    };
    answer({ kind: "promote", planId: "other", steps: [{ ...step, expectedDigest: digestOf("1.4.1") }], ...nothing });
    await screen.findByText(/production moved while you looked/);
    expect(changing()).not.toContain("execute_change");
    await user.click(await button("Promote to production Enter"));
    await waitFor(() => expect(changing()).toContain("execute_change"));
    expect(calls.find(({ command }) => command === "execute_change")?.given.planId).toBe("other");
  });
});
