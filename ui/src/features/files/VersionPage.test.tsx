import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { FileNode } from "../../ipc";
import { defectDetector } from "../../ipc/double/data/versions";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { giveRoom, takeRoom } from "../../testing/room";
import { VersionPage } from "./VersionPage";

const digest = defectDetector[2]?.row.digest ?? "";
const connectionId = createWorld("").connections.find((candidate) => candidate.name === "GHCR")?.id ?? "";

beforeAll(() => giveRoom(900, 800));
afterAll(takeRoom);

const createdLayers = defectDetector[2]?.row.layers ?? [];
const emptyFolder: FileNode = {
  path: "",
  name: "",
  kind: "directory",
  sizeBytes: 1000,
  files: 1,
  mode: "0755",
  owner: "root:root",
  modified: null,
  linkTarget: null,
  layers: [],
  hidden: false,
  hasChildren: true,
  packedLayer: null,
};

function show(instead?: (command: string, given: Record<string, unknown>) => unknown) {
  const onClose = vi.fn();
  const onNote = vi.fn();
  const page = (
    <VersionPage
      connectionId={connectionId}
      repository="vision/defect-detector"
      digest={digest}
      tab="files"
      onClose={onClose}
      onNote={onNote}
    />
  );
  return { ...renderWithDouble(page, instead ? { instead } : {}), onClose, onNote };
}

async function read(shown: ReturnType<typeof show>) {
  await shown.user.click(await screen.findByRole("button", { name: "Read the files" }));
  const tree = await screen.findByRole("treegrid", { name: /Files of 1\.4\.2/ });
  await within(tree).findByRole("row", { name: /^usr/ });
  return tree;
}

describe("the files of a version", () => {
  test("say what reading costs, and are read only when asked", async () => {
    const shown = show();
    expect(await screen.findByText(/176\sMB to read/)).toBeTruthy();
    expect(shown.calls.some((call) => call.command === "files")).toBe(false);
    await read(shown);
    expect(screen.getByText(/in 29\s481 files/)).toBeTruthy();
    expect(shown.onNote).toHaveBeenLastCalledWith("Sizes: uncompressed, linux/amd64");
  });

  test("are read at once when nothing has to be read", async () => {
    show((command) => (command === "files_cost" ? { bytesToRead: 0, layersToRead: 0, layers: 8 } : undefined));
    expect(await screen.findByRole("treegrid")).toBeTruthy();
  });

  test("reading is cancelled by Esc without an error, and the page stays", async () => {
    const shown = show();
    await shown.user.click(await screen.findByRole("button", { name: "Read the files" }));
    await screen.findByRole("button", { name: /Cancel/ });
    await shown.user.keyboard("{Escape}");
    expect(await screen.findByRole("button", { name: "Read the files" })).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(shown.calls.some((call) => call.command === "cancel")).toBe(true);
    expect(shown.onClose).not.toHaveBeenCalled();
    await shown.user.keyboard("{Escape}");
    expect(shown.onClose).toHaveBeenCalledOnce();
  });

  test("a failure stands in the page with something to do", async () => {
    const problem = { code: "unreachable", message: "ghcr.io cannot be reached", hint: null, retryable: true };
    const shown = show((command) => (command === "files" ? Promise.reject(problem) : undefined));
    await shown.user.click(await screen.findByRole("button", { name: "Read the files" }));
    expect(within(await screen.findByRole("alert")).getByText("ghcr.io cannot be reached")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });

  test("open and close by keyboard, with the level told", async () => {
    const shown = show();
    const tree = await read(shown);
    tree.focus();
    const usr = () => within(tree).getByRole("row", { name: /^usr/ });
    const local = () => within(tree).queryByRole("row", { name: /^local/ });
    // It holds nearly everything, so it is open from the start.
    await waitFor(() => expect(local()?.getAttribute("aria-level")).toBe("2"));
    await shown.user.keyboard("{ArrowDown}{ArrowLeft}");
    await waitFor(() => expect(local()).toBeNull());
    expect(usr().getAttribute("aria-expanded")).toBe("false");
    await shown.user.keyboard("{ArrowRight}");
    await waitFor(() => expect(local()).not.toBeNull());
    expect(usr().getAttribute("aria-expanded")).toBe("true");
    await shown.user.keyboard("{ArrowRight}");
    expect(local()?.getAttribute("aria-selected")).toBe("true");
  });

  test("a whiteout is struck through and says what happened; the switch takes it away", async () => {
    const shown = show();
    const tree = await read(shown);
    expect(within(tree).getByRole("row", { name: /root\/\.cache\/pip.*removed by the layer/ })).toBeTruthy();
    await shown.user.click(screen.getByRole("switch", { name: "Whiteouts" }));
    await waitFor(() => expect(within(tree).queryByRole("row", { name: /root\/\.cache/ })).toBeNull());
  });

  test("only the layers that are checked are asked for", async () => {
    const shown = show();
    await read(shown);
    await shown.user.click(screen.getByRole("option", { name: /debian 12 slim/ }));
    await waitFor(() => {
      const asked = shown.calls.filter((call) => call.command === "file_children").at(-1)?.given.options as { layers: string[] | null };
      expect(asked.layers).toHaveLength(7);
    });
  });

  test("the small rest of a folder is one row that opens", async () => {
    const shown = show();
    const tree = await read(shown);
    tree.focus();
    await shown.user.keyboard("{ArrowDown}{ArrowRight}");
    const rest = await within(tree).findByRole("row", { name: /^9 more, each under/ });
    await shown.user.click(rest);
    expect(await within(tree).findByRole("row", { name: /part_9\.py/ })).toBeTruthy();
  });

  test("the facts of a selected file stand beside it, and its path can be copied", async () => {
    const shown = show();
    const tree = await read(shown);
    await shown.user.dblClick(within(tree).getByRole("row", { name: /^app/ }));
    await shown.user.click(await within(tree).findByRole("row", { name: /^model\.safetensors/ }));
    expect(screen.getByText(/190\s448\s760 bytes/)).toBeTruthy();
    await shown.user.click(screen.getByRole("button", { name: "Copy path" }));
    expect(await navigator.clipboard.readText()).toBe("/app/model.safetensors");
  });

  test("of a long folder are read page by page, as the rows come into sight", async () => {
    const file = (position: number): FileNode => ({
      ...emptyFolder,
      path: `shard-${position}`,
      name: `shard-${position}`,
      kind: "file",
      hasChildren: false,
    });
    const total = 5000;
    const shown = show((command, given) => {
      if (command !== "file_children") return undefined;
      const { offset, limit } = given as { offset: number; limit: number };
      return { total, items: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => file(offset + index)) };
    });
    await shown.user.click(await screen.findByRole("button", { name: "Read the files" }));
    const tree = await screen.findByRole("treegrid");
    await within(tree).findByRole("row", { name: /^shard-0/ });
    // Few are read at first, fewer drawn.
    const pages = () => shown.calls.filter((call) => call.command === "file_children");
    expect(pages()).toHaveLength(1);
    expect(Number(tree.getAttribute("aria-rowcount"))).toBeLessThan(210);
    expect(within(tree).getAllByRole("row").length).toBeLessThan(100);
    tree.focus();
    await shown.user.keyboard("{End}{Enter}");
    fireEvent.scroll(tree, { target: { scrollTop: 200 * 22 } });
    await waitFor(() => expect(Number(tree.getAttribute("aria-rowcount"))).toBeGreaterThan(1200));
    expect(pages().map((call) => [call.given.offset, call.given.limit])).toEqual([
      [0, 200],
      [200, 1000],
    ]);
    expect(within(tree).getAllByRole("row").length).toBeLessThan(100);
  });

  test("by layer are named by their layers, not by digests", async () => {
    const layer = createdLayers[0] ?? { digest: "", sizeBytes: 0 };
    const shown = show((command, given) => {
      const asked = given as { options?: { byLayer: boolean }; path?: string };
      if (command !== "file_children" || !asked.options?.byLayer) return undefined;
      const folder = { ...emptyFolder, path: `${layer.digest}/app//1`, name: `${layer.digest}/app`, layers: [layer] };
      return { total: 1, items: asked.path === "" ? [folder] : [] };
    });
    const tree = await read(shown);
    await shown.user.click(screen.getByText("By layer"));
    const row = await within(tree).findByRole("row", { name: /^debian 12 slim\/app/ });
    expect(row.textContent).not.toContain("sha256");
    await shown.user.click(row);
    await shown.user.click(screen.getByRole("button", { name: "Copy path" }));
    expect(await navigator.clipboard.readText()).toBe("/app");
  });

  test("a part of the picture selects its row in the tree, and the other way round", async () => {
    const shown = show();
    const tree = await read(shown);
    const picture = screen.getByRole("img", { name: /^Where the bytes are/ });
    await shown.user.click(await within(picture).findByText("libtorch_cuda.so"));
    const row = await within(tree).findByRole("row", { name: /^libtorch_cuda\.so/ });
    await waitFor(() => expect(row.getAttribute("aria-selected")).toBe("true"));
    expect(document.activeElement).toBe(tree);
    await shown.user.click(within(tree).getByRole("row", { name: /^app/ }));
    expect(within(picture).getByText("app").hasAttribute("data-marked")).toBe(true);
    expect(within(picture).getByText("libtorch_cuda.so").hasAttribute("data-marked")).toBe(false);
  });

  test("the command that pulls is copied by Y here too, and the digest by Shift+Y", async () => {
    const shown = show();
    const tree = await read(shown);
    tree.focus();
    await shown.user.keyboard("y");
    expect(await navigator.clipboard.readText()).toContain(`docker pull`);
    await shown.user.keyboard("{Shift>}Y{/Shift}");
    expect(await navigator.clipboard.readText()).toBe(digest);
  });

  test("the keys 1 to 6 choose the tab, but not in the filter", async () => {
    const shown = show();
    const tree = await read(shown);
    await shown.user.type(screen.getByLabelText("Filter files"), "4");
    expect(screen.getByRole("tab", { selected: true }).textContent).toContain("Files");
    await shown.user.clear(screen.getByLabelText("Filter files"));
    tree.focus();
    await shown.user.keyboard("4");
    expect(screen.getByRole("tab", { selected: true }).textContent).toBe("Config");
  });
});
