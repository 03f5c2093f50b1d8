/** What a key does in the tree, as trees do everywhere: Right opens or goes in, Left closes or goes to the folder. Pure. */
import type { TreeRow } from "./treeRows";

export type TreeStep = { type: "go"; to: number } | { type: "open"; path: string; open: boolean } | { type: "act" };

export function treeMove(
  rows: readonly TreeRow[],
  current: number,
  key: string,
  page: number,
  isOpen: (path: string) => boolean,
): TreeStep | null {
  const last = rows.length - 1;
  const go = (to: number): TreeStep => ({ type: "go", to: Math.max(0, Math.min(last, to)) });
  const row = rows[current];
  switch (key) {
    case "ArrowDown":
    case "j":
      return go(current + 1);
    case "ArrowUp":
    case "k":
      return go(current - 1);
    case "PageDown":
      return go(current + page);
    case "PageUp":
      return go(current - page);
    case "Home":
      return go(0);
    case "End":
      return go(last);
    case "Enter":
    case " ":
      return row === undefined ? null : { type: "act" };
    case "ArrowRight": {
      if (row?.type !== "node" || !row.node.hasChildren) return row?.type === "rest" ? { type: "act" } : null;
      return isOpen(row.node.path) ? go(current + 1) : { type: "open", path: row.node.path, open: true };
    }
    case "ArrowLeft": {
      if (row?.type === "node" && isOpen(row.node.path)) return { type: "open", path: row.node.path, open: false };
      if (row === undefined || row.parent === "") return null;
      const parent = rows.findIndex((candidate) => candidate.type === "node" && candidate.node.path === row.parent);
      return parent < 0 ? null : go(parent);
    }
    default:
      return null;
  }
}
