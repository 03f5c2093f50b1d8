/** One row of the tree. */
import {
  IconBox,
  IconChevronDown,
  IconChevronRight,
  IconCloud,
  IconDots,
  IconFolder,
  IconGitBranch,
  IconKey,
  IconLockOpen2,
  IconPin,
  IconRefresh,
  IconServer2,
  type Icon as TablerIcon,
} from "@tabler/icons-react";
import { type MouseEvent, memo } from "react";
import type { ConnectionInfo, Provider } from "../../ipc";
import { formatAge, formatCount, useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useActivity } from "../sync/activity";
import classes from "./Sidebar.module.css";
import { isOpen, type TreeRow } from "./tree";

const providerIcons: Partial<Record<Provider, TablerIcon>> = {
  folder: IconFolder,
  dockerHub: IconBox,
  ghcr: IconGitBranch,
  gitLab: IconGitBranch,
  ecr: IconCloud,
  ecrPublic: IconCloud,
  acr: IconCloud,
  artifactRegistry: IconCloud,
  ngc: IconCloud,
};

interface TreeRowViewProps {
  id: string;
  row: TreeRow;
  top: number;
  selected: boolean;
  cursor: boolean;
  onActivate: (row: TreeRow) => void;
  onMenu: (x: number, y: number) => void;
}

export const TreeRowView = memo(function TreeRowView({ id, row, top, selected, cursor, onActivate, onMenu }: TreeRowViewProps) {
  const menu = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onMenu(event.clientX, event.clientY);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its rows
    // biome-ignore lint/a11y/useFocusableInteractive: the tree is the one tab stop
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={isOpen(row)}
      aria-selected={selected}
      className={classes.row}
      data-kind={row.kind}
      data-cursor={cursor || undefined}
      style={{ top, paddingLeft: 4 + indent(row) }}
      onClick={() => onActivate(row)}
      onContextMenu={menu}
    >
      <RowContent row={row} />
      {row.kind === "connection" || row.kind === "repository" ? (
        <button type="button" tabIndex={-1} aria-hidden className={classes.more} onClick={menu}>
          <Icon of={IconDots} size="small" />
        </button>
      ) : null}
    </div>
  );
});

/** Names stand under names: a leaf has no arrow, so it moves in by the arrow's width. */
function indent(row: TreeRow): number {
  if (row.kind === "connection") return 0;
  const folders = (row.level - 2) * 16;
  return row.kind === "folder" ? 18 + folders : 34 + folders;
}

function RowContent({ row }: { row: TreeRow }) {
  switch (row.kind) {
    case "connection":
      return <ConnectionContent connection={row.connection} open={row.open} />;
    case "note":
      return <NoteContent row={row} />;
    case "folder":
      return (
        <>
          <Icon of={row.open ? IconChevronDown : IconChevronRight} size="smallest" className={classes.twist} />
          <span className={classes.name}>{row.name}</span>
          <span className={classes.count}>{formatCount(row.tags)}</span>
        </>
      );
    case "repository":
      return (
        <>
          <span className={classes.name} title={row.repository.name} data-stale={row.connection.loginState === "expired" || undefined}>
            {row.name}
          </span>
          {row.repository.pinned ? <Icon of={IconPin} size="smallest" className={classes.pin} /> : null}
          <span className={classes.count}>{formatCount(row.repository.tags)}</span>
        </>
      );
  }
}

function ConnectionContent({ connection, open }: { connection: ConnectionInfo; open: boolean }) {
  return (
    <>
      <Icon of={open ? IconChevronDown : IconChevronRight} size="smallest" className={classes.twist} />
      <Icon of={providerIcons[connection.provider] ?? IconServer2} className={classes.provider} />
      <span className={classes.name} title={connection.location}>
        {connection.name}
      </span>
      {connection.plainHttp ? (
        <span title="Plain HTTP: not encrypted" className={classes.warn}>
          <Icon of={IconLockOpen2} size="small" />
        </span>
      ) : null}
      <ConnectionState connection={connection} />
    </>
  );
}

function ConnectionState({ connection }: { connection: ConnectionInfo }) {
  const { running } = useActivity();
  if (connection.loginState === "expired" || connection.loginState === "missing") {
    return (
      <span title={connection.loginState === "expired" ? "Login expired" : "No login"} className={classes.warn}>
        <Icon of={IconKey} size="small" />
      </span>
    );
  }
  if (connection.syncing || running.some((sync) => sync.connectionId === connection.id)) {
    return (
      <span title="Synchronising" className={classes.count}>
        <Icon of={IconRefresh} size="small" />
      </span>
    );
  }
  return <span className={classes.count}>{formatCount(connection.tags)}</span>;
}

function NoteContent({ row }: { row: Extract<TreeRow, { kind: "note" }> }) {
  const { now } = useFormat();
  const { connection, note } = row;
  const age = connection.syncedAt === null ? "" : ` · ${formatAge(connection.syncedAt, now)} old`;
  if (note === "loading") return <span className={classes.note}>Reading…</span>;
  if (note === "none")
    return <span className={classes.note}>{connection.syncedAt === null ? "Not synchronised yet" : "No repositories"}</span>;
  return (
    <span className={classes.note} title={connection.problem?.message}>
      <span className={classes.warn}>{note === "expired" ? "Login expired" : (connection.problem?.message ?? "Problem")}</span>
      {age}
    </span>
  );
}
