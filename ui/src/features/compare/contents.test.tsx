import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CompareFrame } from "../../app/CompareFrame";
import { useRoute } from "../../app/navigation";
import { formatCompare } from "../../app/navigation/compareRoute";
import type { ComparedFile, FileFate, Problem, VersionAt } from "../../ipc";
import { compare } from "../../ipc/double/answerComparison";
import { pictureConnections } from "../../ipc/double/data/connections";
import picture from "../../ipc/double/data/defectDetector.json";
import { createWorld } from "../../ipc/double/world";
import { formatBytes } from "../../shared/format";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { giveRoom, takeRoom } from "../../testing/room";
import { cellOf } from "./cells";
import { contentsSections } from "./contents";

const at = (tag: string): VersionAt => ({
  connectionId: "ghcr",
  repository: "vision/defect-detector",
  digest: picture.versions.find((version) => version.tags.some(([name]) => name === tag))?.digest ?? "",
  platform: null,
});
const three = [at("1.4.0"), at("1.4.2"), at("1.5.0-rc.2")];
const cost = { bytesToRead: 2_100_000_000, layersToRead: 9, layers: 19 };
const gone: Problem = { code: "notFound", message: "this comparison is no longer in memory", hint: "open it again", retryable: false };

function Shown() {
  const route = useRoute();
  if (route.page !== "compare") return <p>the page of {route.page}</p>;
  return <CompareFrame route={route} connections={pictureConnections} onEdit={vi.fn()} />;
}

function open(versions: readonly VersionAt[], options?: Parameters<typeof renderWithDouble>[1]) {
  window.location.hash = formatCompare({ page: "compare", versions, reference: 0 });
  const shown = renderWithDouble(<Shown />, options);
  return { ...shown, asked: (command: string) => shown.calls.filter((call) => call.command === command) };
}

/** By their text: roles take long to work out where there are hundreds of cells. */
const cellsOf = async (name: string) => {
  const row = (await screen.findByText(name)).closest("[role=row]");
  return [...(row?.querySelectorAll<HTMLElement>("[role=gridcell]") ?? [])];
};
const told = async (name: string) => (await cellsOf(name)).map((cell) => [cell.textContent, cell.dataset.state]);
const tab = (name: string) =>
  within(screen.getByRole("navigation", { name: "Sections" })).getByRole("button", { name: new RegExp(`^${name}`) });
const readButtons = () => screen.findAllByText("Read packages and files");
const first = <T,>(all: readonly T[]): T => all[0] as T;

beforeEach(() => {
  localStorage.clear();
  giveRoom(1280, 3000);
});
afterEach(() => {
  cleanup();
  takeRoom();
  window.location.hash = "";
});

describe("packages and files that cost nothing to read", () => {
  it("stand at once, against the reference, before and after the configuration", async () => {
    const { asked } = open(three);
    expect(await told("onnxruntime")).toEqual([
      ["1.18.1", "reference"],
      ["1.18.1", "same"],
      ["—removed", "differs"],
    ]);
    expect(await told("numpy")).toEqual([
      ["1.26.4", "reference"],
      ["2.0.2", "differs"],
      ["2.0.2", "differs"],
    ]);
    expect(await told("app/entrypoint.sh")).toEqual([
      ["mode 0644", "reference"],
      ["mode 0644 → 0755", "differs"],
      ["mode 0644 → 0755", "differs"],
    ]);
    screen.getByText("7 of 86 differ, from the SBOMs");
    const headings = [...document.querySelectorAll("h2")].map((heading) => heading.textContent);
    expect(headings).toEqual(["Model card", "Layers", "Build steps", "Python packages", "Debian packages", "Configuration", "Files"]);
    expect([tab("Packages").textContent, tab("Files").textContent]).toEqual(["Packages 10", "Files 54"]);
    expect(asked("compare_contents")).toHaveLength(1);
  });

  it("say what is alike too when that is wanted", async () => {
    const { user } = open(three);
    await screen.findByText("numpy");
    expect(screen.queryByText("scipy")).toBeNull();
    await user.keyboard("d");
    expect(await told("scipy")).toEqual([
      ["1.14.0", "reference"],
      ["1.14.0", "same"],
      ["1.14.0", "same"],
    ]);
  });

  it("leave Esc to the page", async () => {
    const { user } = open(three);
    await screen.findByText("numpy");
    await user.keyboard("{Escape}");
    await screen.findByText("the page of browse");
  });

  it("are not asked for where all is one version", async () => {
    const { asked } = open([at("1.4.2"), at("1.4.2")]);
    await screen.findByText("The same version, by digest");
    expect(screen.queryByText("Files")).toBeNull();
    expect([asked("comparison_cost"), asked("compare_contents")]).toEqual([[], []]);
  });
});

describe("packages and files that have to be read", () => {
  it("wait for the person, who sees the cost; Esc stops the reading, and nothing else", async () => {
    const { user, asked } = open(three, { wanted: "costly" });
    const buttons = await readButtons();
    expect(screen.getAllByText(/^Reads 2\.10.GB in 9 layers, each once$/)).toHaveLength(2);
    expect([tab("Packages").textContent, tab("Files").textContent]).toEqual(["Packages not read", "Files not read"]);
    expect(asked("compare_contents")).toEqual([]);
    await user.click(first(buttons));
    await screen.findAllByText(/of 2\.10.GB read/);
    expect(tab("Files").textContent).toBe("Files reading");
    await user.keyboard("{Escape}");
    await readButtons();
    expect(asked("cancel").map((call) => call.given.operation)).toEqual([asked("compare_contents")[0]?.given.operation]);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("can be tried again after a failure", async () => {
    let failures = 1;
    const problem: Problem = { code: "unreachable", message: "ghcr.io cannot be reached", hint: null, retryable: true };
    const { user, asked } = open(three, {
      instead: (command) => {
        if (command === "comparison_cost") return cost;
        if (command === "compare_contents" && failures-- > 0) throw problem;
        return undefined;
      },
    });
    await user.click(first(await readButtons()));
    await screen.findByText("ghcr.io cannot be reached");
    await user.click(screen.getByText("Try again"));
    await screen.findByText("numpy");
    expect(screen.queryByText("ghcr.io cannot be reached")).toBeNull();
    expect(asked("compare_contents")).toHaveLength(2);
  });

  it("stay, but other versions are not read along", async () => {
    const { user, asked } = open(three, { instead: (command) => (command === "comparison_cost" ? cost : undefined) });
    await user.click(first(await readButtons()));
    await screen.findByText("numpy");
    await user.click(screen.getByRole("button", { name: "Take C out" }));
    await readButtons();
    expect(asked("compare_contents")).toHaveLength(1);
  });

  it("say why their cost is not known", async () => {
    const problem: Problem = { code: "storage", message: "the index could not be read", hint: null, retryable: true };
    let failures = 1;
    const { user } = open(three, {
      instead: (command) => {
        if (command === "comparison_cost" && failures-- > 0) throw problem;
        return undefined;
      },
    });
    expect(await screen.findAllByText("Packages and files cannot be compared: the index could not be read")).toHaveLength(2);
    await user.click(first(screen.getAllByText("Try again")));
    await screen.findByText("numpy");
  });
});

describe("very many files", () => {
  it("are asked for in pages, only those in view", async () => {
    giveRoom(1280, 1600);
    const { asked, user } = open([at("1.4.0"), at("1.4.2")], { wanted: "big" });
    await screen.findByText("app/serve.py");
    await screen.findByText(/^200.026 differ/);
    const pages = asked("compared_files").map(({ given }) => [given.offset, given.limit]);
    expect(pages).toEqual([[0, 200]]);
    expect(document.querySelectorAll("[role=grid] [role=row]").length).toBeLessThan(150);
    await user.keyboard("{Control>}f{/Control}PART-000007");
    await screen.findByText(/^1 of 200.026 shown$/);
    expect(await told("data/shards/000/part-000007.bin")).toEqual([
      ["2.05\u202FkB", "reference"],
      ["2.05\u202FkB → 2.06\u202FkB", "differs"],
    ]);
    await user.keyboard("{Escape}");
    await screen.findByText("app/serve.py");
  });

  it("say when none matches", async () => {
    const { user } = open(three);
    await screen.findByText("app/serve.py");
    await user.keyboard("{Control>}f{/Control}nowhere");
    await screen.findByText("none of 54 shown");
    expect(screen.queryByText("app/serve.py")).toBeNull();
  });
});

describe("a comparison that the program does not hold any more", () => {
  it("is made again once, without a word", async () => {
    let misses = 1;
    const { asked } = open(three, {
      instead: (command) => {
        if (command === "compared_files" && misses-- > 0) throw gone;
        return undefined;
      },
    });
    await screen.findByText("app/serve.py");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(asked("compare_contents")).toHaveLength(2);
  });

  it("is told of if that does not help", async () => {
    const { asked } = open(three, {
      instead: (command) => {
        if (command === "compared_files") throw gone;
        return undefined;
      },
    });
    await screen.findByText("this comparison is no longer in memory");
    await screen.findByText("Try again");
    expect(asked("compare_contents")).toHaveLength(2);
  });

  it("counts as not read where it would cost something now", async () => {
    let read = true;
    const { asked } = open(three, {
      instead: (command) => {
        if (command === "comparison_cost" && !read) return cost;
        if (command !== "compared_files") return undefined;
        read = false;
        throw gone;
      },
    });
    await readButtons();
    await waitFor(() => expect(tab("Files").textContent).toBe("Files not read"));
    expect(asked("compare_contents")).toHaveLength(1);
  });
});

describe("a file against the reference", () => {
  const comparison = compare(createWorld(""), { versions: [at("1.4.0"), at("1.4.2")], reference: 0 });
  const cells = (fate: FileFate | null, reference = 0) => {
    const file: ComparedFile = { path: "a", fates: reference === 0 ? [null, fate] : [fate, null] };
    return [0, 1].map(
      (place) => cellOf({ kind: "files", place: 0, file }, { ...comparison, reference }, place, (bytes) => formatBytes(bytes)).text,
    );
  };
  it("is told in words", () => {
    expect(cells({ kind: "added", afterBytes: 4_100 })).toEqual([null, "added 4.10\u202FkB"]);
    expect(cells({ kind: "removed", beforeBytes: 4_100 })).toEqual(["4.10\u202FkB", "removed"]);
    expect(cells({ kind: "changed", beforeBytes: 1_200_000, afterBytes: 1_300_000 })).toEqual([
      "1.20\u202FMB",
      "1.20\u202FMB → 1.30\u202FMB",
    ]);
    expect(cells({ kind: "changed", beforeBytes: 12, afterBytes: 12 })).toEqual(["12\u202FB", "changed, same size"]);
    expect(cells({ kind: "changed", beforeBytes: 1_000_000, afterBytes: 999_999 })[1]).toMatch(/^1\.00.MB, −1 B$/);
    expect(cells({ kind: "removed", beforeBytes: 7 }, 1)).toEqual(["removed", "7\u202FB"]);
  });

  it("is counted, and what is guessed by its size is told", () => {
    const counts = { added: 12, removed: 12, changed: 12, same: 700, sameBySize: 4 };
    const none = { added: 0, removed: 0, changed: 0, same: 736, sameBySize: 0 };
    const found = { view: "v", packages: [], packagesStated: false, differingFiles: 36, files: [none, counts], readBytes: 0, problems: [] };
    const note = (alike: boolean, changed: Partial<typeof found> = {}) =>
      contentsSections(comparison, { found: { ...found, ...changed }, instead: "", alike, files: 36 }).files[0]?.note;
    expect(note(false)).toBe("36 differ; 12 added, 12 removed, 12 changed; 4 count as the same by their size alone");
    expect(note(true)).toBe("36 differ; 12 added, 12 removed, 12 changed, 700 same; 4 count as the same by their size alone");
    expect(note(false, { differingFiles: 0, files: [none, none] })).toBe("all 736 are the same");
  });
});
