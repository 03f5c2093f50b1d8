import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CompareFrame } from "../../app/CompareFrame";
import { useRoute } from "../../app/navigation";
import { type CompareRoute, formatCompare } from "../../app/navigation/compareRoute";
import { parseRoute } from "../../app/navigation/route";
import type { Comparison, VersionAt } from "../../ipc";
import { compare } from "../../ipc/double/answerComparison";
import { pictureConnections } from "../../ipc/double/data/connections";
import picture from "../../ipc/double/data/defectDetector.json";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { giveRoom, takeRoom } from "../../testing/room";
import { Palette } from "../palette/Palette";

const at = (tag: string, platform: string | null = null): VersionAt => ({
  connectionId: "ghcr",
  repository: "vision/defect-detector",
  digest: picture.versions.find((version) => version.tags.some(([name]) => name === tag))?.digest ?? "",
  platform,
});
const three = [at("1.4.0"), at("1.4.2"), at("1.5.0-rc.2")];
const address = () => parseRoute(window.location.hash) as CompareRoute;

function Shown() {
  const route = useRoute();
  return route.page === "compare" ? (
    <>
      <CompareFrame route={route} connections={pictureConnections} onEdit={vi.fn()} />
      <Palette recent={[]} onEntry={vi.fn()} />
    </>
  ) : (
    <p>the page of {route.page}</p>
  );
}

function open(versions: readonly VersionAt[], instead?: (found: Comparison) => Comparison) {
  window.location.hash = formatCompare({ page: "compare", versions, reference: 0 });
  const world = createWorld("");
  const shown = renderWithDouble(<Shown />, {
    instead: (command, given) =>
      command === "compare" && instead ? instead(compare(world, given as unknown as Parameters<typeof compare>[1])) : undefined,
  });
  return { ...shown, compared: () => shown.calls.filter((call) => call.command === "compare") };
}

const grid = () => screen.findByRole("grid", { name: "Comparison" });
const heads = async () => {
  const found = within(await grid()).getAllByRole("columnheader");
  return found.slice(1).map((head) => head.getAttribute("aria-label"));
};
const cellsOf = (name: string) => {
  const row = screen.getByRole("rowheader", { name }).closest<HTMLElement>("[role=row]");
  return row === null ? [] : within(row).getAllByRole("gridcell");
};

beforeEach(() => {
  localStorage.clear();
  giveRoom(1280, 1600);
});
afterEach(() => {
  cleanup();
  takeRoom();
  window.location.hash = "";
});

describe("the page", () => {
  it("has a column for each version, told against the reference", async () => {
    open(three);
    const place = "GHCR/vision/defect-detector";
    expect(await heads()).toEqual([`A: ${place}:1.4.0`, `B: ${place}:1.4.2`, `C: ${place}:1.5.0-rc.2`]);
    expect(cellsOf("accuracy").map((cell) => [cell.textContent, cell.dataset.state])).toEqual([
      ["0.941", "reference"],
      ["0.947+0.006", "differs"],
      ["0.958+0.017", "differs"],
    ]);
    expect(cellsOf("To pull, having A")[1]?.textContent).toBe("274\u202FMB");
    expect(screen.getByRole("heading", { name: "Compare 3 versions" })).toBeTruthy();
    screen.getByText("Compared without pulling");
  });

  it("shows only what differs, or all with D, and remembers it", async () => {
    const { user } = open(three);
    await grid();
    expect(screen.queryByRole("rowheader", { name: "Licenses" })).toBeNull();
    await user.keyboard("d");
    await screen.findByRole("rowheader", { name: "Licenses" });
    cleanup();
    open(three);
    await screen.findByRole("rowheader", { name: "Licenses" });
    expect((screen.getByRole("switch", { name: /Only differences/ }) as HTMLInputElement).checked).toBe(false);
  });

  it("takes another reference, which stands in the address", async () => {
    const { user, compared } = open(three);
    await grid();
    await user.click(screen.getByRole("radio", { name: "C" }));
    await screen.findByRole("rowheader", { name: "To pull, having C" });
    expect(address().reference).toBe(2);
    expect(compared().at(-1)?.given.reference).toBe(2);
    expect(cellsOf("accuracy")[0]?.textContent).toBe("0.941−0.017");
  });

  it("lets versions be taken out, down to one, and adds them again", async () => {
    const { user } = open([at("1.4.0"), at("1.4.2")]);
    await grid();
    await user.click(screen.getByRole("button", { name: "Take A out" }));
    await screen.findByRole("heading", { name: "One version alone cannot be compared" });
    expect(address().versions).toEqual([at("1.4.2")]);
    await user.click(screen.getAllByRole("button", { name: "Add a version" })[1] as HTMLElement);
    await user.keyboard("1.5.0-rc.1");
    await user.click(await screen.findByRole("option", { name: /1\.5\.0-rc\.1/ }));
    expect(await heads()).toHaveLength(2);
    expect(address().versions).toEqual([at("1.4.2"), at("1.5.0-rc.1")]);
  });

  it("picks from any repository, and never the same version twice", async () => {
    const { user } = open([at("1.4.0"), at("1.4.2")]);
    await grid();
    await user.click(screen.getByRole("button", { name: "Add a version" }));
    await screen.findByRole("option", { name: /^1\.4\.1 ?vision/ });
    expect(screen.queryByRole("option", { name: /^1\.4\.2 ?vision/ })).toBeNull();
    await user.keyboard("seal-check");
    await user.click(await screen.findByRole("option", { name: /seal-check/ }));
    const [first] = await screen.findAllByRole("option", { name: /seal-check/ });
    await user.click(first as HTMLElement);
    await waitFor(() => expect(address().versions[2]?.repository).toBe("vision/seal-check"));
    // Now each column says where it is from.
    await screen.findByText("GHCR/vision/seal-check");
  });

  it("says that all are one version", async () => {
    open([at("1.4.2"), at("1.4.2")]);
    await screen.findByText("The same version, by digest");
    screen.getByText("all 15 fields are the same");
  });

  it("goes back with Esc", async () => {
    const { user } = open(three);
    await grid();
    await user.keyboard("{Escape}");
    await screen.findByText("the page of browse");
  });
});

describe("what can be taken along", () => {
  it("is Markdown, and a link that opens the same again", async () => {
    const { user } = open(three);
    const copied = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(await screen.findByRole("button", { name: "Copy as Markdown" }));
    await screen.findByText("Copied as Markdown");
    expect(copied.mock.lastCall?.[0]).toContain("| accuracy | 0.941 | 0.947 | 0.958 |");
    await user.click(screen.getByRole("button", { name: "Copy link" }));
    await screen.findByText(/^Link copied/);
    expect(copied.mock.lastCall?.[0]).toMatch(/^berth:\/\/compare\/A\/ghcr\.io%2Facme,vision%2Fdefect-detector,sha256%3A/);
  });

  it("is the value at the cursor", async () => {
    const { user } = open(three);
    const copied = vi.spyOn(navigator.clipboard, "writeText");
    await grid();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowRight}{Control>}c{/Control}");
    await screen.findByText("Value copied");
    // The heads of sections are passed over.
    expect(copied.mock.lastCall?.[0]).toBe("0.947");
  });
});

describe("a version that is not in the index", () => {
  const lost = { ...at("1.4.0"), digest: `sha256:${"ab".repeat(32)}` };
  it("is named, can be synchronised and taken out", async () => {
    const { user, calls } = open([...three, lost]);
    await screen.findByText("A version is not known here");
    const row = within(within(screen.getByRole("list", { name: "Missing versions" })).getByRole("listitem"));
    row.getByText("sha256:abababababab");
    await user.click(row.getByRole("button", { name: "Synchronise" }));
    const asked = calls.find((call) => call.command === "sync");
    expect([asked?.given.connectionId, asked?.given.repository]).toEqual(["ghcr", "vision/defect-detector"]);
    await user.click(row.getByRole("button", { name: "Take D out" }));
    expect(await heads()).toHaveLength(3);
  });

  it("because its connection is gone can only be taken out", async () => {
    open([...three, { ...lost, connectionId: "gone" }]);
    await screen.findByText("This connection is not there any more");
    expect(screen.queryByRole("button", { name: "Synchronise" })).toBeNull();
    screen.getByRole("button", { name: "Take D out" });
  });

  it("is told apart from a platform that a version lacks", async () => {
    const { user } = open([at("1.4.0", "linux/s390x"), at("1.4.2")]);
    await screen.findByText("there is no linux/s390x in this version");
    await user.click(screen.getByRole("button", { name: "Choose the platform anew" }));
    expect(await heads()).toHaveLength(2);
  });
});

it("draws only the rows in view of a config with thousands of entries", async () => {
  const entries = Array.from({ length: 20_000 }, (_, place) => ({
    path: `config.Env.V${place}`,
    name: `Env V${place}`,
    values: [String(place), "x", "y"],
    differences: [null, null, null],
    differs: true,
  }));
  open(three, (found) => ({ ...found, config: entries }));
  const shown = await grid();
  const inside = 1 + 7 + 1 + 3 + 1 + 54;
  await waitFor(() => expect(shown.getAttribute("aria-rowcount")).toBe(String(1 + 3 + 4 + 9 + 1 + 8 + 1 + 20_000 + inside)));
  expect(within(shown).getAllByRole("row").length).toBeLessThan(150);
});
