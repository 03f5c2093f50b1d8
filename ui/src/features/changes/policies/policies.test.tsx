import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionInfo } from "../../../ipc";
import { pictureConnections } from "../../../ipc/double/data/connections";
import { defaultSettings } from "../../../ipc/double/world";
import { renderWithDouble } from "../../../testing/renderWithDouble";
import { PlanPage } from "../plan/PlanPage";
import { fileName } from "./usePolicies";

const ghcr = pictureConnections[2] as ConnectionInfo;

function open(wanted = "") {
  const page = (
    <PlanPage
      connection={ghcr}
      repository="vision/defect-detector"
      settings={defaultSettings}
      change="prune"
      onNotes={vi.fn()}
      onClose={vi.fn()}
      onSettings={vi.fn()}
    />
  );
  const shown = renderWithDouble(page, { wanted });
  const commands = (name: string) => shown.calls.filter((call) => call.command === name);
  const menu = async (item: string) => {
    await shown.user.click(screen.getByRole("button", { name: "Policies" }));
    await shown.user.click(await screen.findByRole("menuitem", { name: item }));
  };
  const choose = async (name: string) => {
    await shown.user.click(await screen.findByRole("combobox", { name: "Policy" }));
    await shown.user.click(await screen.findByRole("option", { name }));
  };
  return { ...shown, commands, menu, choose };
}

beforeEach(() => localStorage.clear());

describe("a saved policy", () => {
  test("is chosen with its rules, and the plan is of all that it is for", async () => {
    const { choose, commands } = open("unread");
    await choose("Quarterly clean-up");
    await screen.findByText("9 versions go");
    const list = screen.getByRole("list", { name: "Repositories" });
    expect(
      within(list)
        .getAllByRole("listitem")
        .map((item) => item.textContent),
    ).toEqual(["vision/defect-detector31 tags", "vision/pcb-ocr88 tags"]);
    screen.getByText("1 not read");
    screen.getByText("berthctl prune --saved 'Quarterly clean-up'");
    expect(commands("preview_change").at(-1)?.given).toMatchObject({
      request: { repositories: [{ repository: "vision/defect-detector" }, { repository: "vision/pcb-ocr" }] },
    });
  });

  test("that is edited says so, is saved as it is now, and then is no longer changed", async () => {
    const { user, choose, menu, world } = open();
    await choose("Quarterly clean-up");
    await user.click(screen.getByRole("switch", { name: "Manifests without a tag" }));
    await screen.findByText("Changed since it was saved");
    screen.getByText(/^berthctl prune GHCR\/vision\/defect-detector GHCR\/vision\/pcb-ocr --keep-last-releases 5/);
    await menu("Save changes");
    await waitFor(() => expect(world.policies[0]?.rules.untagged).toBe(true));
    await waitFor(() => expect(screen.queryByText("Changed since it was saved")).toBeNull());
  });

  test("is made of unsaved rules, with what it is for shown as it is typed", async () => {
    const { user, menu, world } = open();
    await user.click(screen.getByRole("switch", { name: "The last … versions" }));
    await menu("Save…");
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Quarterly clean-up");
    await within(dialog).findByText("1 known repository");
    await user.click(within(dialog).getByRole("button", { name: "Save the policy" }));
    await within(dialog).findByText("Quarterly clean-up is saved already, with other rules");
    await user.type(within(dialog).getByRole("textbox", { name: "Name" }), " 2");
    await user.click(within(dialog).getByRole("button", { name: "Save the policy" }));
    await waitFor(() =>
      expect(world.policies.at(-1)).toMatchObject({
        name: "Quarterly clean-up 2",
        patterns: ["GHCR/vision/defect-detector"],
        rules: { keepLast: 10 },
      }),
    );
  });

  test("is removed after a question; its rules stay", async () => {
    const { user, choose, menu, world } = open();
    await choose("Quarterly clean-up");
    await menu("Remove…");
    await user.click(await screen.findByRole("button", { name: "Remove the policy" }));
    await waitFor(() => expect(world.policies).toEqual([]));
    await screen.findByText("9 versions go");
  });

  test("goes into a file and comes from one, and replaces another one only when that is said", async () => {
    const { user, choose, menu, commands, world } = open();
    await choose("Quarterly clean-up");
    await menu("Export…");
    await waitFor(() =>
      expect(commands("export_policies").at(-1)?.given).toMatchObject({
        names: ["Quarterly clean-up"],
        file: "/home/ada/quarterly-clean-up.toml",
      }),
    );
    await menu("Import…");
    await screen.findByText(/is saved already, with other rules/);
    expect(world.policies[0]?.rules.untagged).toBe(false);
    await user.click(screen.getByRole("button", { name: "Replace" }));
    await waitFor(() => expect(world.policies[0]?.rules.untagged).toBe(true));
  });
});

test("files of policies have plain names", () => {
  expect(fileName("Quarterly clean-up!")).toBe("quarterly-clean-up.toml");
  expect(fileName("../../x")).toBe("x.toml");
  expect(fileName(null)).toBe("retention.toml");
});
