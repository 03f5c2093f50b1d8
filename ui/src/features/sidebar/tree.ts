/** The rows of the sidebar: connections, folders of nested names, repositories. Pure; 50,000 repositories are a matter of milliseconds. */
import type { ConnectionInfo, RepositoryRow } from "../../ipc";

interface Placed {
  /** Unique in the tree; also the key under which "open" is kept. */
  id: string;
  connection: ConnectionInfo;
  level: number;
  /** Place among its siblings, from 1, and how many they are. */
  position: number;
  siblings: number;
}

export type TreeRow =
  | (Placed & { kind: "connection"; open: boolean })
  | (Placed & { kind: "note"; note: "expired" | "problem" | "loading" | "none" })
  | (Placed & { kind: "folder"; name: string; path: string; tags: number; open: boolean })
  | (Placed & { kind: "repository"; name: string; repository: RepositoryRow });

interface Folder {
  name: string;
  path: string;
  tags: number;
  folders: Map<string, Folder>;
  repositories: { name: string; row: RepositoryRow }[];
}

/** What one connection brings into the tree. `undefined` rows: not read yet. */
export interface Branch {
  connection: ConnectionInfo;
  repositories: readonly RepositoryRow[] | undefined;
}

export interface TreeView {
  /** What a person opened (true) or closed (false); all else is as at first. */
  toggled: Readonly<Record<string, boolean>>;
  filter: string;
  selected: { connectionId: string; repository: string } | null;
}

/** Connections with fewer repositories than this list them flat, with their whole names. */
const flatBelow = 6;
/** Connections with fewer than this show all their folders open at first. */
const openBelow = 24;

export const connectionRowId = (connectionId: string) => `connection ${connectionId}`;
export const repositoryRowId = (connectionId: string, name: string) => `repository ${connectionId} ${name}`;
const folderRowId = (connectionId: string, path: string) => `folder ${connectionId} ${path}`;

export function treeRows(branches: readonly Branch[], view: TreeView): TreeRow[] {
  const words = view.filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const rows: TreeRow[] = [];
  for (const [position, branch] of branches.entries()) {
    const matching = words.length === 0 ? branch.repositories : branch.repositories?.filter((row) => matches(row.name, words));
    if (words.length > 0 && (matching === undefined || matching.length === 0)) continue;
    const id = connectionRowId(branch.connection.id);
    const open = words.length > 0 || (view.toggled[id] ?? true);
    rows.push({ kind: "connection", id, connection: branch.connection, level: 1, position: position + 1, siblings: branches.length, open });
    if (open) addChildren(rows, branch.connection, matching, view, words.length > 0);
  }
  return rows;
}

function matches(name: string, words: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return words.every((word) => lower.includes(word));
}

function addChildren(
  rows: TreeRow[],
  connection: ConnectionInfo,
  all: readonly RepositoryRow[] | undefined,
  view: TreeView,
  flat: boolean,
): void {
  const note = noteOf(connection, all);
  const place = { connection, level: 2, position: 1, siblings: 1 };
  if (note !== null) rows.push({ kind: "note", id: `note ${connection.id}`, note, ...place });
  if (all === undefined) return;
  const pinned = flat ? [] : all.filter((row) => row.pinned);
  const others = pinned.length === 0 ? all : all.filter((row) => !row.pinned);
  if (flat || all.length < flatBelow) {
    addRepositories(
      rows,
      connection,
      [...pinned, ...others].map((row) => ({ name: row.name, row })),
      2,
      0,
      all.length,
    );
    return;
  }
  const root = folderOf(others);
  const siblings = pinned.length + root.folders.size + root.repositories.length;
  addRepositories(
    rows,
    connection,
    pinned.map((row) => ({ name: row.name, row })),
    2,
    0,
    siblings,
  );
  addFolder(rows, connection, root, { ...view, openAtFirst: all.length < openBelow }, 2, pinned.length, siblings);
}

function noteOf(connection: ConnectionInfo, all: readonly RepositoryRow[] | undefined): Extract<TreeRow, { kind: "note" }>["note"] | null {
  if (connection.loginState === "expired") return "expired";
  if (connection.problem !== null) return "problem";
  if (all === undefined) return "loading";
  return all.length === 0 ? "none" : null;
}

/** Nested names become folders: `llm/embedder` stands in `llm`. */
function folderOf(all: readonly RepositoryRow[]): Folder {
  const root: Folder = { name: "", path: "", tags: 0, folders: new Map(), repositories: [] };
  for (const row of all) {
    const parts = row.name.split("/");
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const path = folder.path === "" ? part : `${folder.path}/${part}`;
      const inner = folder.folders.get(part) ?? { name: part, path, tags: 0, folders: new Map(), repositories: [] };
      folder.folders.set(part, inner);
      inner.tags += row.tags;
      folder = inner;
    }
    folder.repositories.push({ name: parts.at(-1) ?? row.name, row });
  }
  return root;
}

function addFolder(
  rows: TreeRow[],
  connection: ConnectionInfo,
  folder: Folder,
  view: TreeView & { openAtFirst: boolean },
  level: number,
  before: number,
  siblings: number,
): void {
  let position = before;
  for (const inner of folder.folders.values()) {
    position += 1;
    const id = folderRowId(connection.id, inner.path);
    const holdsSelected = view.selected?.connectionId === connection.id && view.selected.repository.startsWith(`${inner.path}/`);
    const open = view.toggled[id] ?? (view.openAtFirst || holdsSelected);
    rows.push({ kind: "folder", id, connection, level, position, siblings, name: inner.name, path: inner.path, tags: inner.tags, open });
    if (open) addFolder(rows, connection, inner, view, level + 1, 0, inner.folders.size + inner.repositories.length);
  }
  addRepositories(rows, connection, folder.repositories, level, position, siblings);
}

function addRepositories(
  rows: TreeRow[],
  connection: ConnectionInfo,
  repositories: readonly { name: string; row: RepositoryRow }[],
  level: number,
  before: number,
  siblings: number,
): void {
  for (const [offset, { name, row }] of repositories.entries()) {
    const id = repositoryRowId(connection.id, row.name);
    rows.push({ kind: "repository", id, connection, level, position: before + offset + 1, siblings, name, repository: row });
  }
}

export function isOpen(row: TreeRow): boolean | undefined {
  return row.kind === "connection" || row.kind === "folder" ? row.open : undefined;
}

/** The row that a row stands in: the nearest one above with a lower level. */
export function parentIndex(rows: readonly TreeRow[], index: number): number {
  const level = rows[index]?.level ?? 1;
  for (let above = index - 1; above >= 0; above -= 1) if ((rows[above]?.level ?? 0) < level) return above;
  return index;
}
