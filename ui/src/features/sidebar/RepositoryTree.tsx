/** The tree itself: virtual rows, one tab stop, all of it by keyboard. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useState } from "react";
import { combinationOf, useKeyNames } from "../../shared/keys";
import { asRecord, usePersisted } from "../../shared/persisted";
import { startSync } from "../sync/activity";
import type { SidebarProps } from "./Sidebar";
import classes from "./Sidebar.module.css";
import { type MenuPlace, TreeMenu } from "./TreeMenu";
import { TreeRowView } from "./TreeRowView";
import { isOpen, parentIndex, repositoryRowId, type TreeRow, treeRows } from "./tree";
import { useBranches } from "./useBranches";

const rowHeight = 26;
/** A connection stands a little away from what is above it. */
const connectionHeight = 30;

interface RepositoryTreeProps extends SidebarProps {
  filter: string;
  tree: RefObject<HTMLDivElement | null>;
}

export function RepositoryTree({
  connections,
  selected,
  filter,
  tree,
  onOpen,
  onEdit,
  onRemove,
  onPin,
  onCheck,
  onPrune,
}: RepositoryTreeProps) {
  const [toggled, setToggled] = usePersisted("berth.tree", {}, parseToggled);
  const branches = useBranches(connections, toggled, filter !== "");
  const rows = useMemo(() => treeRows(branches, { toggled, filter, selected }), [branches, toggled, filter, selected]);
  const selectedId = selected ? repositoryRowId(selected.connectionId, selected.repository) : null;
  const [cursorId, setCursorId] = useState<string | null>(selectedId);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const found = rows.findIndex((row) => row.id === cursorId);
  const cursor =
    found === -1
      ? Math.max(
          0,
          rows.findIndex((row) => row.id === selectedId),
        )
      : found;
  const keys = useKeyNames();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => tree.current,
    estimateSize: (index) => (rows[index]?.kind === "connection" ? connectionHeight : rowHeight),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  // Heights depend on what stands where, so they are counted again when rows come or go.
  useEffect(() => {
    if (rows.length > 0) virtual.measure();
  }, [virtual, rows]);

  const toggle = (row: TreeRow, open: boolean) => setToggled((before) => ({ ...before, [row.id]: open }));
  const moveTo = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (row === undefined) return;
    setCursorId(row.id);
    virtual.scrollToIndex(rows.indexOf(row), { align: "auto" });
  };
  const activate = (row: TreeRow) => {
    setCursorId(row.id);
    if (row.kind === "repository") onOpen(row.connection.id, row.repository.name);
    else if (row.kind === "note") onEditNote(row);
    else toggle(row, !row.open);
  };
  const onEditNote = (row: TreeRow) =>
    row.kind === "note" && row.note === "none" ? void startSync(row.connection.id, null) : onEdit(row.connection);
  const rightKey = (row: TreeRow) => (isOpen(row) === false ? toggle(row, true) : isOpen(row) ? moveTo(cursor + 1) : undefined);
  const leftKey = (row: TreeRow) => (isOpen(row) ? toggle(row, false) : moveTo(parentIndex(rows, cursor)));

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const row = rows[cursor];
    // The key means the repository at the cursor, not the one that is open.
    if (row?.kind === "repository" && combinationOf(event.nativeEvent) === keys.prune) {
      event.preventDefault();
      onPrune(row.connection.id, row.repository.name);
      return;
    }
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(cursor + 1),
      j: () => moveTo(cursor + 1),
      ArrowUp: () => moveTo(cursor - 1),
      k: () => moveTo(cursor - 1),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      PageDown: () => moveTo(cursor + 20),
      PageUp: () => moveTo(cursor - 20),
      ArrowRight: () => rightKey(row),
      ArrowLeft: () => leftKey(row),
      Enter: () => activate(row),
      " ": () => activate(row),
      ContextMenu: () => openMenuAt(row),
    };
    const step = event.key === "F10" && event.shiftKey ? steps.ContextMenu : steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  const openMenuAt = (row: TreeRow) => {
    const box = document.getElementById(domId(row.id))?.getBoundingClientRect();
    setMenu({ row, x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0 });
  };
  const current = rows[cursor];
  return (
    <>
      <div
        ref={tree}
        role="tree"
        tabIndex={0}
        data-list
        data-pane-focus
        aria-label="Repositories by connection"
        aria-activedescendant={current ? domId(current.id) : undefined}
        className={classes.tree}
        onKeyDown={onKeyDown}
      >
        <div role="none" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <TreeRowView
                key={item.key}
                id={domId(row.id)}
                row={row}
                top={item.start + (row.kind === "connection" ? connectionHeight - rowHeight : 0)}
                selected={row.id === selectedId}
                cursor={item.index === cursor}
                onActivate={activate}
                onMenu={(x, y) => setMenu({ row, x, y })}
              />
            );
          })}
        </div>
      </div>
      <TreeMenu
        place={menu}
        onClose={() => setMenu(null)}
        onEdit={onEdit}
        onRemove={onRemove}
        onPin={onPin}
        onCheck={onCheck}
        onPrune={onPrune}
      />
    </>
  );
}

function domId(rowId: string): string {
  return `tree-${encodeURIComponent(rowId)}`;
}

function parseToggled(value: unknown): Record<string, boolean> | null {
  const kept = asRecord(value);
  return kept === null ? null : Object.fromEntries(Object.entries(kept).map(([id, open]) => [id, open === true]));
}
