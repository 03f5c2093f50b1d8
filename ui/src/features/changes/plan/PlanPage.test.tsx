import { notifications } from "@mantine/notifications";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionInfo } from "../../../ipc";
import { pictureConnections } from "../../../ipc/double/data/connections";
import { defectDetector } from "../../../ipc/double/data/versions";
import { defaultSettings } from "../../../ipc/double/world";
import { renderWithDouble } from "../../../testing/renderWithDouble";
import { ChangeToasts } from "../running/ChangeToasts";
import { chooseToDelete } from "./chosen";
import { PlanPage } from "./PlanPage";
import { firstRules, type RulesDraft } from "./rules";

const ghcr = pictureConnections[2] as ConnectionInfo;
const repository = "vision/defect-detector";
const asDrawn: Partial<RulesDraft> = {
  keepLastReleases: { on: true, count: 5 },
  youngerDays: { on: true, count: 90 },
  keep: ["line-*"],
};

interface Opened {
  change?: "prune" | "delete";
  rules?: Partial<RulesDraft>;
  wanted?: string;
  instead?: NonNullable<Parameters<typeof renderWithDouble>[1]>["instead"];
}

function open({ change = "prune", rules = asDrawn, wanted = "", instead }: Opened = {}) {
  localStorage.setItem(`berth.prune ghcr ${repository}`, JSON.stringify({ ...firstRules, ...rules }));
  const onClose = vi.fn();
  const page = (
    <>
      <ChangeToasts />
      <PlanPage
        connection={ghcr}
        repository={repository}
        settings={defaultSettings}
        change={change}
        onNotes={vi.fn()}
        onClose={onClose}
        onSettings={vi.fn()}
      />
    </>
  );
  const shown = renderWithDouble(page, instead === undefined ? { wanted } : { wanted, instead });
  const commands = (name: string) => shown.calls.filter((call) => call.command === name);
  return { ...shown, onClose, commands };
}

const check = () => screen.findByRole("button", { name: /^Check and delete…/ });
const enabled = async (button: () => Promise<HTMLElement>) => {
  await waitFor(async () => expect((await button()).hasAttribute("disabled")).toBe(false));
  return button();
};
const deletes = () => screen.findByRole("button", { name: /^Delete \d+/ });

beforeEach(() => {
  localStorage.clear();
  chooseToDelete(null);
  act(() => notifications.clean());
});

describe("a clean-up", () => {
  test("is shown from the index at once, then checked, and only then may be carried out", async () => {
    const { user, commands } = open();
    await screen.findByText("9 versions go");
    expect(commands("plan_change")).toHaveLength(0);
    await user.click(await enabled(check));
    await screen.findByRole("button", { name: /^Delete 13 tags and 35 digests/ });
    expect(commands("execute_change")).toHaveLength(0);
  });

  test("has the focus on Cancel: Enter deletes nothing, Ctrl+Enter does", async () => {
    const { user, commands, onClose } = open();
    await user.click(await enabled(check));
    await deletes();
    expect(document.activeElement?.textContent).toBe("Cancel");
    await user.keyboard("{Enter}");
    await check();
    expect(commands("execute_change")).toHaveLength(0);
    await user.keyboard("{Control>}{Enter}{/Control}");
    await deletes();
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(commands("execute_change")).toHaveLength(1);
    await screen.findByText(/^Deleted 13 tags and 35 digests, 2\.30.GB freed$/);
  });

  test("is not carried out by a key that is held down", async () => {
    const { commands } = open();
    await enabled(check);
    const ctrlEnter = { key: "Enter", code: "Enter", ctrlKey: true };
    fireEvent.keyDown(document.body, ctrlEnter);
    await deletes();
    fireEvent.keyDown(document.body, { ...ctrlEnter, repeat: true });
    expect(commands("execute_change")).toHaveLength(0);
  });

  test("can be undone from the toast, which tells how that ended", async () => {
    const { user, commands, world } = open();
    await user.click(await enabled(check));
    await user.click(await deletes());
    await user.click(await screen.findByRole("button", { name: /^Undo/ }));
    await screen.findByText("Undid the deletion of 13 tags and 35 digests");
    expect(commands("plan_change").at(-1)?.given).toMatchObject({ request: { kind: "undo", id: world.changes.journal[0]?.entry.undoes } });
    expect(world.changes.versions.get(`ghcr ${repository}`)).toHaveLength(defectDetector.length);
  });

  test("whose blobs are gone says that it was not undone, and why", async () => {
    const { user } = open({ wanted: "collected" });
    await user.click(await enabled(check));
    await user.click(await deletes());
    await user.click(await screen.findByRole("button", { name: /^Undo/ }));
    const said = await screen.findByText(/^Nothing was changed: 12 blobs of 9 versions are gone/);
    expect(said.closest("[role=alert]")).not.toBeNull();
  });

  test("says what the registry changed meanwhile, before anything is done", async () => {
    const { user, commands } = open({ wanted: "moved" });
    await user.click(await enabled(check));
    await screen.findByText(/The registry has changed since this was planned/);
    screen.getByText(/It does not delete 1\.3\.1 any more/);
    await screen.findByRole("button", { name: /^Delete 11 tags and 29 digests/ });
    expect(commands("execute_change")).toHaveLength(0);
  });

  test("of which steps were refused stays on the page", async () => {
    const { user, onClose } = open({ wanted: "refused" });
    await user.click(await enabled(check));
    await user.click(await deletes());
    await screen.findByText("It was done in part.");
    screen.getByText(/30 steps done, 1 failed, 4 skipped/);
    screen.getByRole("button", { name: "Undo what was done" });
    expect(onClose).not.toHaveBeenCalled();
  });

  test("can be stopped; what was done by then is said", async () => {
    const { user, commands } = open();
    await user.click(await enabled(check));
    await user.click(await deletes());
    await screen.findByText(/what is deleted by then stays deleted/);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await screen.findByText("Cancelled.");
    expect(commands("cancel")).toHaveLength(1);
    screen.getByText(/0 failed, \d+ skipped/);
  });

  test("over half of the tags waits for the name", async () => {
    const { user } = open({ rules: { youngerDays: { on: true, count: 1 } } });
    await user.click(await enabled(check));
    const button = await deletes();
    expect(button.hasAttribute("disabled")).toBe(true);
    await user.type(screen.getByRole("textbox", { name: `Type ${repository} to go on` }), repository);
    expect((await deletes()).hasAttribute("disabled")).toBe(false);
  });

  test("that cannot be checked says so, and nothing else changes", async () => {
    const { user } = open({ wanted: "offline" });
    await user.click(await enabled(check));
    await screen.findByText("ghcr.io cannot be reached");
    screen.getByText("9 versions go");
    screen.getByRole("button", { name: "Check again" });
    expect(screen.queryByRole("button", { name: /^Delete \d/ })).toBeNull();
  });

  test("whose plan is not kept any more is planned again, not guessed", async () => {
    const gone = { code: "notFound", message: "this plan is not kept any more", hint: "Plan it again.", retryable: false };
    const { user } = open({ instead: (command) => (command === "execute_change" ? Promise.reject(gone) : undefined) });
    await user.click(await enabled(check));
    await user.click(await deletes());
    await screen.findByText(gone.message);
    await check();
  });
});

describe("a backup", () => {
  const choose = async (user: ReturnType<typeof open>["user"], name = "Sample models") => {
    await user.click(await screen.findByRole("combobox", { name: "Back up to" }));
    await user.click(await screen.findByRole("option", { name }));
  };

  test("is none at first; once a folder is chosen the plan begins with it, and says so", async () => {
    const { user, commands, world, onClose } = open();
    await user.click(await enabled(check));
    await screen.findByRole("button", { name: /^Delete 13 tags/ });
    await choose(user);
    await check();
    screen.getByText("All that goes is copied to Sample models first.");
    screen.getByText("Can be undone for as long as the backup is kept.");
    screen.getByText(/--keep 'line-\*' --backup 'Sample models'$/);
    await user.click(await enabled(check));
    const button = await screen.findByRole("button", { name: /^Back up, then delete 13 tags and 35 digests/ });
    screen.getByText("First a backup to Sample models/vision/defect-detector:");
    screen.getByText("This can be undone for as long as the backup is kept.");
    expect(screen.queryByText(/30 days/)).toBeNull();
    expect(commands("plan_change").at(-1)?.given).toMatchObject({ request: { backup: { connectionId: "sample", prefix: "" } } });
    expect(commands("preview_change").every(({ given }) => (given.request as { backup: unknown }).backup === null)).toBe(true);
    await user.click(button);
    await screen.findByText(/^Backing up first/);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    const entry = world.changes.journal[0]?.entry;
    expect(entry).toMatchObject({
      repositories: ["GHCR/vision/defect-detector"],
      backups: ["Sample models/vision/defect-detector"],
      done: { tags: 13, digests: 35 },
    });
  });

  test("brings back what the registry has lost by then", async () => {
    const { user, world } = open({ wanted: "collected" });
    await screen.findByText("9 versions go");
    await choose(user);
    await user.click(await enabled(check));
    await user.click(await screen.findByRole("button", { name: /^Back up, then delete/ }));
    await user.click(await screen.findByRole("button", { name: /^Undo/ }));
    await screen.findByText("Undid the deletion of 13 tags and 35 digests");
    expect(world.changes.journal[0]?.steps.some(({ step }) => step.action === "copy-blob")).toBe(true);
    expect(world.changes.versions.get(`ghcr ${repository}`)).toHaveLength(defectDetector.length);
  });

  test("is kept for the repository, with its place in the folder; a place that is none stops the check", async () => {
    const { user, unmount } = open();
    await choose(user);
    await user.type(screen.getByRole("textbox", { name: "Place in it" }), "Before/");
    await screen.findByText(/^Small letters, digits/);
    expect((await check()).hasAttribute("disabled")).toBe(true);
    await user.clear(screen.getByRole("textbox", { name: "Place in it" }));
    await user.type(screen.getByRole("textbox", { name: "Place in it" }), "before");
    await screen.findByText(/--backup 'Sample models\/before'$/);
    unmount();
    open();
    expect((await screen.findByRole<HTMLInputElement>("textbox", { name: "Place in it" })).value).toBe("before");
  });

  test("needs a folder: without one the way to it is offered", async () => {
    const registries = pictureConnections.filter(({ provider }) => provider !== "folder");
    const { user } = open({ instead: (command) => (command === "connections" ? registries : undefined) });
    await screen.findByText(/^No folder is connected/);
    expect(screen.queryByRole("combobox", { name: "Back up to" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Add a folder…" }));
  });

  test("can be made of a choice by hand too", async () => {
    chooseToDelete({ connectionId: "ghcr", repository, digests: [defectDetector[4]?.row.digest ?? ""], tags: [] });
    const { user, commands } = open({ change: "delete" });
    await deletes();
    await choose(user);
    await screen.findByRole("button", { name: /^Back up, then delete 2 tags and 6 digests/ });
    expect(commands("plan_change").at(-1)?.given).toMatchObject({ request: { kind: "delete", backup: { connectionId: "sample" } } });
  });
});

describe("rules", () => {
  test("that select nothing are no error, and what to choose is offered", async () => {
    const { user, commands } = open({ rules: {} });
    await screen.findByRole("heading", { name: "Nothing is selected yet" });
    expect(commands("preview_change")).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Keep the last 10 versions" }));
    await screen.findByText(/versions go$/);
  });

  test("answer while they are typed; a half-typed one keeps the last answer and says what is wrong", async () => {
    const { user } = open({ rules: { ...asDrawn, keepLast: { on: true, count: 2 } } });
    await screen.findByText("9 versions go");
    await user.type(screen.getByRole("textbox", { name: /of each group/ }), "(");
    await screen.findByText(/is no regular expression/);
    screen.getByText("9 versions go");
    expect((await check()).hasAttribute("disabled")).toBe(true);
  });

  test("without their number say what they need", async () => {
    const { user } = open();
    await screen.findByText("9 versions go");
    await user.clear(screen.getByRole("textbox", { name: "Younger than: days" }));
    await screen.findByText("A whole number from 1");
  });

  test("drop a check when they change", async () => {
    const { user } = open();
    await user.click(await enabled(check));
    await deletes();
    await user.click(screen.getByRole("switch", { name: "All releases" }));
    await check();
    expect(screen.queryByRole("button", { name: /^Delete \d/ })).toBeNull();
  });
});

describe("a choice by hand", () => {
  const staging = defectDetector[2]?.row.digest ?? "";
  const other = defectDetector[4]?.row.digest ?? "";
  const choose = (...digests: string[]) => chooseToDelete({ connectionId: "ghcr", repository, digests, tags: [] });

  test("is checked at once; protected tags keep their version", async () => {
    choose(staging, other);
    open({ change: "delete" });
    await screen.findByRole("button", { name: /^Delete 2 tags and 6 digests/ });
    screen.getByText(/staging, latest stay/);
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  });

  test("with protected tags waits for the name", async () => {
    choose(staging);
    const { user, commands } = open({ change: "delete" });
    await user.click(await screen.findByRole("switch", { name: "Protected tags too" }));
    await user.type(await screen.findByRole("textbox", { name: `Type ${repository} to go on` }), repository);
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText(/^Deleted 5 tags and 6 digests/);
    expect(commands("plan_change").at(-1)?.given).toMatchObject({ request: { protectedToo: true, digests: [staging] } });
  });

  test("can be of single tags, which leave the version", async () => {
    choose(staging);
    const { user } = open({ change: "delete" });
    await user.click(await screen.findByRole("radio", { name: "Only tags" }));
    await user.click(await screen.findByRole("checkbox", { name: "1.4.2" }));
    await screen.findByRole("button", { name: /^Delete 1 tag(?! and)/ });
    screen.getByText("their versions stay");
  });

  test("that is not there any more offers to choose again", async () => {
    const { user, onClose } = open({ change: "delete" });
    await screen.findByRole("heading", { name: "Nothing is chosen" });
    await user.click(screen.getByRole("button", { name: "Choose versions" }));
    expect(onClose).toHaveBeenCalled();
  });
});
