/** The tree of files as a virtual table: one tab stop, arrows move, Left and Right close and open. */

import { IconChevronDown } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { Icon } from "../../shared/Icon";
import { FileRow } from "./FileRow";
import classes from "./FilesTree.module.css";
import { TreeHeadCell } from "./TreeCell";
import { treeMove } from "./treeMove";
import type { TreeRow } from "./treeRows";
import type { FileTree } from "./useFileTree";

const rowHeight = 22;

interface FilesTreeProps {
  tree: FileTree;
  label: string;
  /** Key of the selected row. */
  selected: string | null;
  onSelect: (row: TreeRow) => void;
  layerName: (digest: string) => string;
  /** The element that takes the focus. */
  scroller: RefObject<HTMLDivElement | null>;
}

export function FilesTree({ tree, label, selected, onSelect, layerName, scroller }: FilesTreeProps) {
  const { rows } = tree;
  const id = useId();
  const [focused, setFocused] = useState(false);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 16,
  });
  const current = rows.findIndex((row) => row.key === selected);
  // A selection that came from the icicle scrolls into sight as well.
  useEffect(() => {
    if (current >= 0) virtualizer.scrollToIndex(current, { align: "auto" });
  }, [current, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const next = items.map((item) => rows[item.index]).find((row) => row?.type === "rest" && row.continues)?.parent;
  const { more } = tree;
  const count = rows.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page the row that follows it is looked at anew
  useEffect(() => {
    if (next !== undefined) more(next);
  }, [next, count, more]);

  const act = (row: TreeRow | undefined) => {
    if (row?.type === "rest") tree.more(row.parent);
    if (row?.type === "node" && row.node.hasChildren) tree.setOpen(row.node.path, !tree.isOpen(row.node.path));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const step = treeMove(rows, current, event.key, page, tree.isOpen);
    if (step === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (step.type === "act") act(rows[current]);
    else if (step.type === "open") tree.setOpen(step.path, step.open);
    else {
      const row = rows[step.to];
      if (row) onSelect(row);
    }
  };
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        role="treegrid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        tabIndex={0}
        data-list
        data-idle={!focused || undefined}
        className={classes.scroller}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      >
        <TreeHead />
        {/* biome-ignore lint/a11y/useSemanticElements: see TreeCell */}
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <FileRow
                key={row.key}
                id={`${id}-${item.index}`}
                row={row}
                top={item.start}
                position={item.index + 2}
                selected={item.index === current}
                open={row.type === "node" && tree.isOpen(row.node.path)}
                layerName={layerName}
                onSelect={onSelect}
                onAct={act}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function TreeHead() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see TreeCell
    <div role="rowgroup" className={classes.headGroup}>
      {/* biome-ignore lint/a11y/useSemanticElements: see TreeCell */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it does nothing */}
      <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
        <TreeHeadCell>Name</TreeHeadCell>
        <TreeHeadCell aria-sort="descending" className={classes.sorted}>
          Size <Icon of={IconChevronDown} size="smallest" />
        </TreeHeadCell>
        <TreeHeadCell title="Share of the folder above">Share of folder</TreeHeadCell>
        <TreeHeadCell className={classes.number}>Files</TreeHeadCell>
        <TreeHeadCell>Mode</TreeHeadCell>
        <TreeHeadCell>Layer</TreeHeadCell>
      </div>
    </div>
  );
}
