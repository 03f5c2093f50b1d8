/** Finds the row of a path that was chosen in the icicle: opens what is above it, then the rest of its folder, until it is there. */
import { useEffect, useRef, useState } from "react";
import type { FileNode } from "../../ipc";
import type { FileTree } from "./useFileTree";

export function useRevealed(tree: FileTree, onFound: (node: FileNode) => void): (path: string, folders: readonly string[]) => void {
  const [wanted, setWanted] = useState<string | null>(null);
  const found = useRef(onFound);
  useEffect(() => {
    found.current = onFound;
  });
  useEffect(() => {
    if (wanted === null) return;
    const row = tree.rows.find((candidate) => candidate.type === "node" && candidate.node.path === wanted);
    if (row?.type === "node") {
      found.current(row.node);
      setWanted(null);
      return;
    }
    // Still being read: the next rows start this again.
    if (tree.rows.some((candidate) => candidate.type === "loading")) return;
    const nearest = tree.rows
      .filter((candidate) => candidate.type === "rest")
      .filter((rest) => rest.parent === "" || wanted.startsWith(`${rest.parent}/`))
      .sort((one, other) => other.parent.length - one.parent.length)[0];
    if (nearest) tree.more(nearest.parent);
    else setWanted(null);
  }, [wanted, tree]);
  return (path, folders) => {
    tree.reveal(path, folders);
    setWanted(path);
  };
}
