import { screen, waitFor, within } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useRoute } from "../../../app/navigation";
import { createWorld } from "../../../ipc/double/world";
import { renderWithDouble } from "../../../testing/renderWithDouble";
import { giveRoom, takeRoom } from "../../../testing/room";
import { ChangeDialogs } from "../ChangeDialogs";
import { closePlan } from "../running/planDialog";
import { JournalPage } from "./JournalPage";

function Page({ wanted }: { wanted: string }) {
  const route = useRoute();
  const { connections, settings } = createWorld(wanted);
  return (
    <>
      <JournalPage connections={connections} settings={settings} id={route.page === "journal" ? route.id : null} />
      <ChangeDialogs connections={connections} settings={settings} />
    </>
  );
}

function open(wanted = "") {
  return renderWithDouble(<Page wanted={wanted} />, { wanted });
}

const rows = () => screen.findAllByRole("row");
const row = async (name: RegExp) => (await screen.findAllByRole("row", { name }))[0] as HTMLElement;
const pane = () => screen.findByRole("complementary", { name: "Selected change" });

beforeAll(() => giveRoom(900, 800));
afterAll(takeRoom);
beforeEach(() => {
  localStorage.clear();
  window.location.hash = "#/journal";
});
afterEach(closePlan);

describe("the journal", () => {
  it("is by day, newest first, each change with what it was about and how it ended", async () => {
    open();
    await row(/Done in part/);
    const names = (await rows()).map((one) => one.textContent);
    expect(names[1]).toMatch(/, \d+ \w+ \d{4}$/);
    expect(names[2]).toMatch(/Clean-up5 of 7 versionsvision\/seal-checkGHCR−212\sMBDone in part$/);
    await row(/Promotion 1\.9\.0 production llm\/embedder GHCR Undone/);
    expect(screen.getByText("11 changes")).toBeTruthy();
  });

  it("says what is filtered by, and where nothing matches", async () => {
    const { user, calls } = open();
    await row(/Clean-up/);
    await user.click(screen.getByRole("button", { name: "Kind: All" }));
    await user.click(await screen.findByRole("menuitem", { name: "Roll-back" }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /Clean-up/ })).toBeNull());
    expect(calls.findLast(({ command }) => command === "journal")?.given.query).toEqual({
      connectionId: null,
      repository: null,
      kind: "rollback",
      state: null,
      text: null,
      since: null,
    });
    await user.click(screen.getByRole("button", { name: "Connection: All" }));
    await user.click(await screen.findByRole("menuitem", { name: "Docker Hub" }));
    await screen.findByText("No change matches");
    await user.click(screen.getByRole("button", { name: "Clear the filters" }));
    await row(/Clean-up/);
  });

  it("is filtered by a part of a name, by state and by time, in the program", async () => {
    const { user, calls } = open();
    await row(/Clean-up/);
    await user.type(screen.getByRole("textbox", { name: "Filter repositories, tags" }), "seal");
    await screen.findByText("1 change");
    await user.click(screen.getByRole("button", { name: "State: All" }));
    await user.click(await screen.findByRole("menuitem", { name: "Done in part" }));
    await user.click(screen.getByRole("button", { name: "Since: the beginning" }));
    await user.click(await screen.findByRole("menuitem", { name: "7 days" }));
    await row(/Done in part/);
    const asked = calls.findLast(({ command }) => command === "journal")?.given.query;
    expect(asked).toMatchObject({ text: "seal", state: "partial", since: "7d" });
    await user.clear(screen.getByRole("textbox", { name: "Filter repositories, tags" }));
    await waitFor(() => expect(calls.findLast(({ command }) => command === "journal")?.given.query).toMatchObject({ text: null }));
  });

  it("exports what the filters show", async () => {
    const { user, calls } = open();
    await row(/Clean-up/);
    await user.click(screen.getByRole("button", { name: "Kind: All" }));
    await user.click(await screen.findByRole("menuitem", { name: "Clean-up" }));
    await screen.findByText("2 changes");
    await user.click(screen.getByRole("button", { name: "Export CSV" }));
    await waitFor(() => expect(calls.some(({ command }) => command === "export_journal")).toBe(true));
    const given = calls.find(({ command }) => command === "export_journal")?.given;
    expect(given).toMatchObject({ format: "csv", query: { kind: "prune", text: null } });
  });

  it("reads page after page while somebody goes down", async () => {
    const { user, calls } = open("journal");
    await row(/Clean-up/);
    expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("3012");
    screen.getByRole("grid").focus();
    await user.keyboard("{End}");
    await waitFor(() => expect(calls.some(({ command, given }) => command === "journal" && given.offset === 100)).toBe(true));
  });

  it("that is empty says so", async () => {
    open("first");
    await screen.findByText("Nothing was changed yet");
  });

  it("that cannot be read says why", async () => {
    open("errors");
    await screen.findByText("The journal could not be read");
  });
});

describe("a change that is opened", () => {
  it("shows its steps and why one failed", async () => {
    const { user } = open();
    await user.click(await row(/Done in part/));
    const shown = await pane();
    await within(shown).findByText("Clean-up in vision/seal-check");
    expect(within(shown).getByText(/^5 of 7 steps/)).toBeTruthy();
    const steps = within(shown).getAllByRole("row");
    expect(steps[6]?.textContent).toContain("failed: found 4be1907c");
    expect(steps[7]?.textContent).toContain("skipped: needs step 6");
  });

  it("says by which policy, from where and how much, and shows what it deleted", async () => {
    const { user } = open();
    await user.click(await row(/Done in part/));
    const shown = await pane();
    await within(shown).findByText("Quarterly clean-up");
    expect(within(shown).getByText("ws-114, berthctl")).toBeTruthy();
    expect(within(shown).getByText(/^212\sMB of 297\sMB$/)).toBeTruthy();
    await user.click(within(shown).getByRole("button", { name: "Show 5 deleted manifests" }));
    const dialog = await screen.findByRole("dialog", { name: "5 deleted manifests" });
    await within(dialog).findByText(/"schemaVersion":2/);
    expect(within(dialog).getByRole("button", { name: "Copy" })).toBeTruthy();
  });

  it("follows the arrows, and Esc closes it", async () => {
    const { user } = open();
    await row(/Clean-up/);
    screen.getByRole("grid").focus();
    await user.keyboard("{Enter}");
    await within(await pane()).findByText("Clean-up in vision/seal-check");
    await user.keyboard("j");
    await within(await pane()).findByText("Copy to prod/defect-detector");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
  });

  it("tells what undoing would be refused for, and offers no button then", async () => {
    const { user } = open();
    await user.click(await row(/Promotion 1\.4\.0 production vision\/defect-detector/));
    await within(await pane()).findByText("Undo");
    await waitFor(async () => expect((await pane()).textContent).toMatch(/not possible: |production moves from/));
  });

  it("says of undoing, finishing and rolling back what holds now, and until when", async () => {
    const { user } = open();
    await user.click(await row(/Done in part/));
    const still = within(within(await pane()).getByRole("region", { name: "Still possible" }));
    const lines = async () => {
      const terms = still.getAllByRole("term").map((one) => one.textContent);
      const said = still.getAllByRole("definition").map((one) => one.textContent);
      return terms.map((term, place) => `${term}: ${said[place]}`);
    };
    await waitFor(async () =>
      expect(await lines()).toEqual([
        expect.stringMatching(/^Undo: Until \d+ \w+ \d{4}, \d\d:\d\d\. GHCR keeps deleted versions for 30 days\. 5 steps/),
        "Finish: Not as planned: 1.1.0 is another version now. A new plan would judge it again.",
        "Roll back: The same as Undo here: no step is half done.",
      ]),
    );
    expect(within(await pane()).queryByRole("button", { name: "Finish it…" })).toBeNull();
  });

  it("that was done in part is planned anew by the policy that it went by", async () => {
    const { user } = open();
    await user.click(await row(/Done in part/));
    await user.click(await within(await pane()).findByRole("button", { name: "New plan…" }));
    expect(window.location.hash).toBe("#/plan/ghcr/vision%2Fseal-check/prune");
    const kept = JSON.parse(localStorage.getItem("berth.prune ghcr vision/seal-check") ?? "null");
    expect(kept).toMatchObject({ policy: "Quarterly clean-up", keepLastReleases: { on: true, count: 5 } });
  });

  it("that failed is planned anew in a dialog; one that is done is not", async () => {
    const { user } = open();
    await user.click(await row(/Roll-back.*Failed/));
    await user.click(await within(await pane()).findByRole("button", { name: "New plan…" }));
    await screen.findByRole("dialog", { name: "Roll-back of production in GHCR/vision/defect-detector, planned anew" });
    await user.keyboard("{Escape}");
    await user.click(await row(/Deletion/));
    await within(await pane()).findByRole("button", { name: "Undo 2 deletions…" });
    expect(within(await pane()).queryByRole("button", { name: "New plan…" })).toBeNull();
  });

  it("is undone by a plan that is shown first", async () => {
    const { user, world, calls } = open();
    await user.click(await row(/Deletion/));
    await user.click(await within(await pane()).findByRole("button", { name: "Undo 2 deletions…" }));
    const dialog = await screen.findByRole("dialog", { name: "Undo the deletion of GHCR/vision/line-scan-segmenter" });
    await within(dialog).findByText("2 steps:");
    expect(calls.some(({ command }) => command === "execute_change")).toBe(false);
    const undo = await within(dialog).findByRole("button", { name: "Undo Enter" });
    await waitFor(() => expect(document.activeElement).toBe(undo));
    await user.keyboard("{Enter}");
    await screen.findByText("Undid the deletion of GHCR/vision/line-scan-segmenter");
    expect(world.changes.journal[0]?.entry).toMatchObject({ kind: "undo", state: "done" });
    await row(/Deletion.*Undone/);
  });
});

describe("an interrupted change", () => {
  it("stands as a banner and is finished by a plan that is shown first", async () => {
    const { user, world } = open("interrupted");
    await screen.findByText(/^A promotion was interrupted on/);
    await user.click(screen.getByRole("button", { name: "Finish it" }));
    const dialog = await screen.findByRole("dialog");
    await within(dialog).findByText(/^staging moves from/);
    await user.click(within(dialog).getByRole("button", { name: /^Finish it/ }));
    await screen.findByText(/^Finished the promotion to staging, latest/);
    expect(world.changes.journal.find(({ entry }) => entry.id === "seed-0")?.entry.state).toBe("done");
    await waitFor(() => expect(screen.queryByText(/^A promotion was interrupted on/)).toBeNull());
  });

  it("that cannot be rolled back says why in the dialog", async () => {
    const { user } = open("interrupted");
    await user.click(await screen.findByRole("button", { name: "Roll back" }));
    const dialog = await screen.findByRole("dialog");
    await within(dialog).findByText("Nothing of it can be brought back");
    expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: /^Roll back/ }).disabled).toBe(true);
  });
});
