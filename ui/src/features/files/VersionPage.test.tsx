import { screen, waitFor, within } from "@testing-library/react";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { defectDetector } from "../../ipc/double/data/versions";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { VersionPage } from "./VersionPage";

const digest = defectDetector[2]?.row.digest ?? "";
const connectionId = createWorld("").connections.find((candidate) => candidate.name === "GHCR")?.id ?? "";

// A virtual list draws rows only where there is room; jsdom knows no sizes.
beforeAll(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
});
afterAll(() => void vi.restoreAllMocks());

function show(instead?: (command: string) => unknown) {
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
    await shown.user.keyboard("{ArrowDown}{ArrowRight}");
    const local = await within(tree).findByRole("row", { name: /^local/ });
    expect(local.getAttribute("aria-level")).toBe("2");
    expect(within(tree).getByRole("row", { name: /^usr/ }).getAttribute("aria-expanded")).toBe("true");
    await shown.user.keyboard("{ArrowRight}");
    expect(local.getAttribute("aria-selected")).toBe("true");
    await shown.user.keyboard("{ArrowLeft}{ArrowLeft}");
    await waitFor(() => expect(within(tree).queryByRole("row", { name: /^local/ })).toBeNull());
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
});
