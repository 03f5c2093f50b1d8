import { describe, expect, test } from "vitest";
import type { FileNode } from "../../ipc";
import { foldersAbove, plainPath, roundUp, type TreeState, treeRows } from "./treeRows";

function node(path: string, sizeBytes: number, changed: Partial<FileNode> = {}): FileNode {
  return {
    path,
    name: path.split("/").pop() ?? path,
    kind: "file",
    sizeBytes,
    files: 1,
    mode: "0644",
    owner: "root:root",
    modified: null,
    linkTarget: null,
    layers: [],
    hidden: false,
    hasChildren: false,
    packedLayer: null,
    ...changed,
  };
}

function state(branches: Record<string, FileNode[]>, changed: Partial<TreeState> = {}): TreeState {
  return {
    open: new Set(),
    whole: new Set(),
    branch: (path) => {
      const items = branches[path];
      return items === undefined ? undefined : { total: items.length, items, loading: false };
    },
    ...changed,
  };
}

describe("rows of the tree", () => {
  const small = Array.from({ length: 20 }, (_, position) => node(`small${position}`, 10));
  const root = [node("large", 800), ...small];

  test("join the small rest, with what it holds in sum", () => {
    const rows = treeRows(state({ "": root }), { sizeBytes: 1000, files: 21 });
    expect(rows.map((row) => row.type)).toEqual(["node", "rest"]);
    expect(rows[1]).toMatchObject({ count: 20, sizeBytes: 200, files: 20, underBytes: 20 });
  });

  test("show the rest once it was asked for", () => {
    expect(treeRows(state({ "": root }, { whole: new Set([""]) }), { sizeBytes: 1000, files: 21 })).toHaveLength(21);
  });

  test("show few small ones one by one", () => {
    const rows = treeRows(state({ "": [node("large", 990), node("a", 5), node("b", 5)] }), { sizeBytes: 1000, files: 3 });
    expect(rows.every((row) => row.type === "node")).toBe(true);
  });

  test("never hide a whiteout in the rest, nor count it in the sums", () => {
    const gone = node("gone", 5, { kind: "whiteout", hidden: true });
    const rows = treeRows(state({ "": [...root, gone] }), { sizeBytes: 1000, files: 21 });
    expect(rows.map((row) => (row.type === "node" ? row.node.path : row.type))).toEqual(["large", "gone", "rest"]);
    expect(rows[2]).toMatchObject({ count: 20, sizeBytes: 200, files: 20 });
  });

  test("descend into open folders only, and say where something is being read", () => {
    const folder = node("usr", 900, { kind: "directory", hasChildren: true });
    const closed = treeRows(state({ "": [folder], usr: [node("usr/a", 900)] }), { sizeBytes: 900, files: 1 });
    expect(closed).toHaveLength(1);
    const open = treeRows(state({ "": [folder], usr: [node("usr/a", 900)] }, { open: new Set(["usr"]) }), { sizeBytes: 900, files: 1 });
    expect(open.map((row) => row.level)).toEqual([1, 2]);
    const reading = treeRows(state({ "": [folder] }, { open: new Set(["usr"]) }), { sizeBytes: 900, files: 1 });
    expect(reading[1]).toMatchObject({ type: "loading", parent: "usr" });
  });
});

test.each([
  [41_200_000, 50_000_000],
  [50_000_000, 100_000_000],
  [999, 1000],
  [1, 2],
  [0, 1],
])("%d bytes are under %d", (bytes, bound) => {
  expect(roundUp(bytes)).toBe(bound);
});

test("the folders above a path, outermost first", () => {
  expect(foldersAbove("usr/lib/a.so")).toEqual(["usr", "usr/lib"]);
  expect(foldersAbove("a")).toEqual([]);
});

test("the number of a hidden twin is no part of its path", () => {
  expect(plainPath("a/b//1")).toBe("a/b");
  expect(plainPath("a/b")).toBe("a/b");
});
