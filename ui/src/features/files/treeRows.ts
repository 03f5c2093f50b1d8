/** Flattens the opened folders into the rows of the table, and joins the small rest of a folder into one row. Pure. */
import type { FileNode } from "../../ipc";

/** What is known of a folder's children. */
export interface Branch {
  total: number;
  /** Largest first, as far as they were read. */
  items: FileNode[];
  loading: boolean;
}

export type TreeRow =
  | { type: "node"; key: string; node: FileNode; level: number; parent: string; position: number; siblings: number; share: number | null }
  | {
      type: "rest";
      key: string;
      parent: string;
      level: number;
      count: number;
      sizeBytes: number | null;
      files: number | null;
      underBytes: number | null;
      /** The folder is shown whole: this is its next page, which is read as soon as it comes into sight. */
      continues: boolean;
    }
  | { type: "loading"; key: string; parent: string; level: number };

export interface TreeState {
  /** Paths of the opened folders. */
  open: ReadonlySet<string>;
  /** Folders whose small rest is shown too. */
  whole: ReadonlySet<string>;
  branch: (path: string) => Branch | undefined;
}

/** A child under this share of its folder counts as small. */
const smallShare = 0.025;
/** So few small children are shown one by one. */
const fewestInRest = 5;

export interface Totals {
  sizeBytes: number | null;
  files: number | null;
}

export function treeRows(state: TreeState, root: Totals): TreeRow[] {
  const rows: TreeRow[] = [];
  append(state, "", 1, root, rows);
  return rows;
}

function append(state: TreeState, path: string, level: number, totals: Totals, rows: TreeRow[]) {
  const branch = state.branch(path);
  if (branch === undefined) {
    rows.push({ type: "loading", key: `${path}/ loading`, parent: path, level });
    return;
  }
  const shown = state.whole.has(path) ? branch.items : prominent(branch, totals.sizeBytes);
  for (const [index, node] of shown.entries()) {
    const share = totals.sizeBytes === null || totals.sizeBytes === 0 ? null : Math.min(1, node.sizeBytes / totals.sizeBytes);
    rows.push({ type: "node", key: node.path, node, level, parent: path, position: index + 1, siblings: branch.total, share });
    if (node.hasChildren && state.open.has(node.path)) append(state, node.path, level + 1, node, rows);
  }
  const count = branch.total - shown.length;
  if (branch.loading && state.whole.has(path)) rows.push({ type: "loading", key: `${path}/ loading`, parent: path, level });
  else if (count > 0) rows.push(restRow(path, level, count, totals, shown, branch, state.whole.has(path)));
}

/** A path names a row. Where something hidden has the path of what replaced it, the program adds a number to it: `a//1/b`. */
export function plainPath(path: string): string {
  return path.replace(/\/\/\d+(?=\/|$)/g, "");
}

const layerFolder = /^sha(?:256|512):[0-9a-f]+/;

/** By layer, the outermost folders are named by their digests: people read the layer's name instead. */
export function namedByLayer(name: string, layerName: (digest: string) => string): string {
  return name.replace(layerFolder, (digest) => layerName(digest));
}

/** The path inside the image or the layer, without the numbers of twins and the digest of a layer's folder. */
export function pathInside(path: string): string {
  return plainPath(path).replace(layerFolder, "").replace(/^\//, "");
}

/** The children that are large enough to stand alone; whiteouts always do. All of them, if only few would be left. */
function prominent(branch: Branch, folderBytes: number | null): FileNode[] {
  if (folderBytes === null || folderBytes === 0) return branch.items;
  const large = branch.items.filter(
    (node) => node.sizeBytes / folderBytes >= smallShare || node.kind === "whiteout" || node.kind === "opaque",
  );
  const left = branch.total - large.length;
  return left < fewestInRest || large.length === 0 ? branch.items : large;
}

function restRow(
  path: string,
  level: number,
  count: number,
  totals: Totals,
  shown: readonly FileNode[],
  branch: Branch,
  continues: boolean,
): TreeRow {
  const visible = shown.filter((node) => !node.hidden && node.kind !== "whiteout" && node.kind !== "opaque");
  const sizeBytes = totals.sizeBytes === null ? null : Math.max(0, totals.sizeBytes - sum(visible, (node) => node.sizeBytes));
  const files = totals.files === null ? null : Math.max(0, totals.files - sum(visible, fileCount));
  const first = shown.length === branch.items.length ? undefined : firstOf(branch.items, shown);
  const largest = first?.sizeBytes ?? shown[shown.length - 1]?.sizeBytes ?? null;
  return {
    type: "rest",
    key: `${path}/ rest`,
    parent: path,
    level,
    count,
    sizeBytes,
    files,
    underBytes: largest === null ? null : roundUp(largest),
    continues,
  };
}

function firstOf(items: readonly FileNode[], without: readonly FileNode[]): FileNode | undefined {
  const paths = new Set(without.map((node) => node.path));
  return items.find((node) => !paths.has(node.path));
}

function sum(nodes: readonly FileNode[], value: (node: FileNode) => number): number {
  return nodes.reduce((total, node) => total + value(node), 0);
}

/** A folder counts what is in it, a file itself. */
export function fileCount(node: FileNode): number {
  return node.kind === "directory" ? node.files : 1;
}

/** The next of 1, 2, 5, 10, 20, 50 … above a size, so that "each under 50 MB" is a round number. */
export function roundUp(bytes: number): number {
  if (bytes < 1) return 1;
  const power = 10 ** Math.floor(Math.log10(bytes));
  const step = [1, 2, 5, 10].find((factor) => factor * power > bytes) ?? 10;
  return step * power;
}

/** The folders above a path that have to be open for it to be seen: every prefix that ends at a slash. */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
