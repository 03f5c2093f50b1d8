import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { defectDetector } from "../../../ipc/double/data/versions";
import { createWorld } from "../../../ipc/double/world";
import { renderWithDouble } from "../../../testing/renderWithDouble";
import { putAllAway } from "../running/changes";
import { CopyPage } from "./CopyPage";

const repository = "vision/defect-detector";
const digest = defectDetector.find((one) => one.row.tags.some((tag) => tag.name === "1.4.2"))?.row.digest ?? "";

function open(by: string | null, options: { wanted?: string; kind?: "copy" | "promote" } = {}) {
  const { connections, settings } = createWorld(options.wanted ?? "");
  const connection = connections.find((one) => one.id === "ghcr");
  if (connection === undefined) throw new Error("the picture has GHCR");
  const onClose = vi.fn();
  const address = { connectionId: "ghcr", repository, digest };
  const shown = renderWithDouble(
    <CopyPage
      {...{ connection, connections, settings, address, by, onClose }}
      kind={options.kind ?? "promote"}
      onNotes={() => undefined}
    />,
    options,
  );
  const requests = () => shown.calls.filter(({ command }) => command === "plan_change").map(({ given }) => given.request);
  return { ...shown, onClose, requests };
}

beforeEach(() => {
  localStorage.clear();
  putAllAway();
});

describe("by a route", () => {
  it("is planned at once with the version's own tag, carried out as shown, and can be undone", async () => {
    const { user, requests, calls, world } = open("Production, Frankfurt");
    const start = await screen.findByRole("button", { name: /^Promote to ECR eu-central-1: move/ });
    expect(requests()).toEqual([
      {
        kind: "copy",
        connectionId: "ghcr",
        repository,
        digest,
        targetConnectionId: "ecr",
        targetRepository: "prod/defect-detector",
        targetTags: ["1.4.2", "production"],
        referrers: null,
        platforms: [],
        promotes: true,
      },
    ]);
    const order = screen.getByRole("table", { name: "Then, in this order" });
    expect(within(order).getAllByRole("row").at(-1)?.textContent).toContain("production");
    expect(screen.getByRole("table", { name: "Skipped" })).toBeTruthy();
    await user.click(start);
    await screen.findByText(/^Done: ECR eu-central-1 has it/);
    expect(calls.filter(({ command }) => command === "execute_change")).toHaveLength(1);
    expect(screen.getAllByText("digest checked").length).toBeGreaterThan(0);
    expect(world.changes.journal[0]?.entry.kind).toBe("promote");
    await screen.findByRole("button", { name: "Undo" });
  });

  it("is locked while it runs, and cancelled where it is", async () => {
    const { user, onClose } = open("Production, Frankfurt", { wanted: "slow" });
    await user.click(await screen.findByRole("button", { name: /^Promote to ECR.*: move/ }, { timeout: 15000 }));
    const cancel = await screen.findByRole("button", { name: /^Cancel/ });
    await screen.findByRole("button", { name: "Go on in the background" });
    const aside = screen.getByRole("region", { name: "Where to, and what travels" });
    expect(within(aside).getAllByRole("group")[0]?.hasAttribute("disabled")).toBe(true);
    await user.click(cancel);
    await screen.findByText("Cancelled.", {}, { timeout: 5000 });
    expect(onClose).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Plan the rest" }));
    await screen.findByRole("button", { name: /^Promote to ECR.*: move/ }, { timeout: 15000 });
  });

  it("plans anew what is left out", async () => {
    const { user, requests } = open("Production, Frankfurt");
    await screen.findByRole("button", { name: /^Promote to ECR.*: move/ });
    await user.click(await screen.findByRole("checkbox", { name: "1 signature" }));
    await waitFor(() => expect(requests()).toHaveLength(2));
    expect(requests()[1]).toMatchObject({ referrers: ["sbom", "attestation", "other"] });
    await user.click(screen.getByRole("checkbox", { name: "linux/arm64" }));
    await waitFor(() => expect(requests()).toHaveLength(3));
    expect(requests()[2]).toMatchObject({ platforms: ["linux/amd64"] });
    await screen.findByText(/signatures of the whole do not hold/);
  });

  it("says why it cannot be, before anything is sent", async () => {
    open("Production, Frankfurt", { wanted: "refused" });
    await screen.findByText(/may not write to ECR/);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Promote to ECR/ }).disabled).toBe(true);
  });

  it("that is not there is told", async () => {
    open("Nowhere");
    await screen.findByText(/There is no route “Nowhere”/);
  });
});

it("to a repository that is named by hand", async () => {
  const { user, requests } = open(null, { kind: "copy" });
  await screen.findByRole("heading", { name: "Where to?" });
  await user.click(await screen.findByRole("combobox", { name: "Connection" }));
  await user.click(await screen.findByRole("option", { name: "ECR eu-central-1" }));
  await user.type(screen.getByRole("combobox", { name: "Repository" }), "backup/x");
  await screen.findByRole("button", { name: /^Copy to ECR eu-central-1: move/ });
  expect(requests().at(-1)).toMatchObject({ targetRepository: "backup/x", targetTags: ["1.4.2"], promotes: false });
});
