/**
 * The state of the tree: which folders are open, which pages of them are read, which rows that makes. Asks only for the folders
 * that are on screen; the largest folders, and with a filter all that match, open by themselves as far as the result stays small.
 */
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { FileNode, FilesOptions, Page, Problem } from "../../ipc";
import * as ipc from "../../ipc";
import { childrenQuery } from "./filesQueries";
import { type Branch, foldersAbove, type Totals, type TreeRow, type TreeState, treeRows } from "./treeRows";

export interface FileTree {
  rows: TreeRow[];
  problem: Problem | null;
  isOpen: (path: string) => boolean;
  setOpen: (path: string, open: boolean) => void;
  /** Shows the small rest of a folder, or its next page. */
  more: (path: string) => void;
  /** Opens everything above a path, so that it gets a row. */
  reveal: (path: string, folders: readonly string[]) => void;
  retry: () => void;
}

/** So many folders open by themselves. */
const openedAtFirst = 40;
/** Without a filter only those that hold so much of everything: that is what one looks for first. */
const largeShare = 1 / 3;
/** Pages of one folder that are asked for at most: a million entries. */
const mostPages = 1000;

interface TreeChoices {
  open: ReadonlySet<string>;
  closed: ReadonlySet<string>;
  whole: ReadonlySet<string>;
  pages: ReadonlyMap<string, number>;
}

const nothingOpen: TreeChoices = { open: new Set(), closed: new Set(), whole: new Set(), pages: new Map() };

export function useFileTree(view: string, options: FilesOptions, root: Totals): FileTree {
  const queryClient = useQueryClient();
  const [choices, setChoices] = useState(nothingOpen);
  const filtered = options.text !== "";
  const isLarge = (node: FileNode) => root.sizeBytes !== null && node.sizeBytes > 0 && node.sizeBytes >= root.sizeBytes * largeShare;
  const cached = (path: string, page: number) =>
    queryClient.getQueryData<Page<FileNode>>(childrenQuery(view, path, options, page).queryKey);

  const opened = new Set<string>();
  const wanted: { path: string; page: number }[] = [];
  const visit = (path: string) => {
    for (let page = 0; page < (choices.pages.get(path) ?? 1); page += 1) {
      wanted.push({ path, page });
      for (const node of cached(path, page)?.items ?? []) {
        const byItself = (filtered || isLarge(node)) && opened.size < openedAtFirst && !choices.closed.has(node.path);
        if (!node.hasChildren || opened.has(node.path) || !(choices.open.has(node.path) || byItself)) continue;
        opened.add(node.path);
        visit(node.path);
      }
    }
  };
  visit("");

  const answers = useQueries({ queries: wanted.map(({ path, page }) => childrenQuery(view, path, options, page)) });
  const failed = answers.find((answer) => answer.error !== null);

  // A folder may have 200,000 entries: its rows are made when something has arrived, not whenever something is selected.
  const arrived = answers.map((answer) => `${answer.dataUpdatedAt}${answer.isPending ? "…" : ""}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was asked and has arrived stands for the lists made of it
  const rows = useMemo(
    () => rowsOf(wanted, answers, { open: opened, whole: choices.whole }, root),
    [arrived, view, options, choices, root.sizeBytes, root.files],
  );

  const setOpen = useCallback((path: string, open: boolean) => {
    setChoices((before) => ({ ...before, open: toggled(before.open, path, open), closed: toggled(before.closed, path, !open) }));
  }, []);
  const more = useCallback((path: string) => {
    setChoices((before) => {
      if (!before.whole.has(path)) return { ...before, whole: toggled(before.whole, path, true) };
      const pages = Math.min(mostPages, (before.pages.get(path) ?? 1) + 1);
      return { ...before, pages: new Map(before.pages).set(path, pages) };
    });
  }, []);
  const reveal = useCallback((path: string, folders: readonly string[]) => {
    setChoices((before) => {
      const above = [...folders, ...foldersAbove(path)];
      return {
        ...before,
        open: new Set([...before.open, ...above]),
        closed: new Set([...before.closed].filter((closed) => !above.includes(closed))),
      };
    });
  }, []);
  const retry = () => void failed?.refetch();
  return {
    rows,
    problem: failed?.error ? ipc.toProblem(failed.error) : null,
    isOpen: (path) => opened.has(path),
    setOpen,
    more,
    reveal,
    retry,
  };
}

function rowsOf(
  wanted: readonly { path: string }[],
  answers: readonly { data: Page<FileNode> | undefined; isPending: boolean }[],
  choices: Omit<TreeState, "branch">,
  root: Totals,
): TreeRow[] {
  const branches = new Map<string, Branch>();
  for (const [position, { path }] of wanted.entries()) {
    const answer = answers[position];
    const branch = branches.get(path) ?? { total: 0, items: [], loading: false };
    branches.set(path, branch);
    // Appended, not copied: a folder may have hundreds of pages.
    for (const node of answer?.data?.items ?? []) branch.items.push(node);
    branch.total = answer?.data?.total ?? branch.total;
    branch.loading ||= answer?.isPending === true;
  }
  const known = (path: string) => {
    const branch = branches.get(path);
    return branch === undefined || (branch.loading && branch.items.length === 0) ? undefined : branch;
  };
  return treeRows({ ...choices, branch: known }, root);
}

function toggled(set: ReadonlySet<string>, value: string, present: boolean): ReadonlySet<string> {
  if (set.has(value) === present) return set;
  const next = new Set(set);
  if (present) next.add(value);
  else next.delete(value);
  return next;
}
