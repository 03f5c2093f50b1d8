/** One row of the tree of files: an entry, the small rest of a folder, or a folder that is being read. */
import { Skeleton } from "@mantine/core";
import {
  IconArrowRight,
  IconBan,
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconFile,
  IconFolder,
  IconLink,
  type Icon as TablerIcon,
} from "@tabler/icons-react";
import { memo } from "react";
import type { FileNode } from "../../ipc";
import { formatCount, unknown, useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import { FileLayers } from "./FileLayers";
import classes from "./FilesTree.module.css";
import { TreeCell } from "./TreeCell";
import { namedByLayer, plainPath, type TreeRow } from "./treeRows";

interface FileRowProps {
  id: string;
  row: TreeRow;
  top: number;
  /** In the whole table, from 1; the head is 1. */
  position: number;
  selected: boolean;
  open: boolean;
  layerName: (digest: string) => string;
  onSelect: (row: TreeRow) => void;
  onAct: (row: TreeRow) => void;
}

export const FileRow = memo(function FileRow({ id, row, top, position, selected, open, layerName, onSelect, onAct }: FileRowProps) {
  const node = row.type === "node" ? row.node : null;
  const hidden = node !== null && isHidden(node);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see TreeCell
    // biome-ignore lint/a11y/useFocusableInteractive: the tree is one tab stop
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys of its rows
    <div
      id={id}
      role="row"
      aria-level={row.level}
      aria-rowindex={position}
      aria-selected={selected}
      aria-expanded={node?.hasChildren ? open : undefined}
      aria-setsize={row.type === "node" ? row.siblings : undefined}
      aria-posinset={row.type === "node" ? row.position : undefined}
      className={classes.row}
      data-selected={selected || undefined}
      data-hidden={hidden || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        onSelect(row);
        const onTwisty = event.target instanceof Element && event.target.closest("[data-twisty]") !== null;
        if (row.type === "rest" || onTwisty) onAct(row);
      }}
      onDoubleClick={() => {
        if (row.type === "node") onAct(row);
      }}
    >
      {row.type === "node" ? <EntryCells row={row} open={open} hidden={hidden} layerName={layerName} /> : null}
      {row.type === "rest" ? <RestCells row={row} /> : null}
      {row.type === "loading" ? (
        <TreeCell className={classes.name} style={{ paddingLeft: indent(row.level) }}>
          <Skeleton height={8} width={140} ml={17} />
        </TreeCell>
      ) : null}
    </div>
  );
});

function isHidden(node: FileNode): boolean {
  return node.hidden || node.kind === "whiteout" || node.kind === "opaque";
}

function indent(level: number): number {
  return 14 + (level - 1) * 15;
}

const icons: Record<FileNode["kind"], TablerIcon> = {
  file: IconFile,
  directory: IconFolder,
  symlink: IconArrowRight,
  hardlink: IconLink,
  whiteout: IconBan,
  opaque: IconBan,
};

interface EntryCellsProps {
  row: Extract<TreeRow, { type: "node" }>;
  open: boolean;
  hidden: boolean;
  layerName: (digest: string) => string;
}

function EntryCells({ row, open, hidden, layerName }: EntryCellsProps) {
  const { bytes } = useFormat();
  const { node } = row;
  return (
    <>
      <TreeCell className={classes.name} style={{ paddingLeft: indent(row.level) }} title={namedByLayer(plainPath(node.path), layerName)}>
        {node.hasChildren ? (
          // The twisty is for the pointer; the keys are Left and Right.
          <span aria-hidden className={classes.twisty} data-twisty>
            <Icon of={open ? IconChevronDown : IconChevronRight} size="smallest" />
          </span>
        ) : (
          <span aria-hidden className={classes.twisty} />
        )}
        <Icon of={hidden ? IconBan : icons[node.kind]} size="small" />
        <span className={`${text.cut} ${classes.label}`}>{namedByLayer(node.name, layerName)}</span>
        {node.linkTarget === null ? null : <span className={`${text.dim} ${text.cut}`}>→ {node.linkTarget}</span>}
      </TreeCell>
      <TreeCell className={`${classes.number} ${classes.size}`}>{bytes(node.sizeBytes)}</TreeCell>
      <TreeCell className={classes.share} title={hidden ? hiddenBy(node) : undefined}>
        {hidden ? hiddenBy(node) : <ShareBar share={row.share} />}
      </TreeCell>
      <TreeCell className={classes.number}>{node.kind === "directory" && !hidden ? formatCount(node.files) : ""}</TreeCell>
      <TreeCell className={text.mono}>{hidden || node.mode === "" ? unknown : node.mode}</TreeCell>
      <TreeCell className={classes.layer}>
        <FileLayers layers={node.layers} layerName={layerName} />
      </TreeCell>
    </>
  );
}

function hiddenBy(node: FileNode): string {
  if (node.kind === "opaque") return "emptied by the layer";
  return node.kind === "whiteout" ? "removed by the layer" : "hidden later";
}

function ShareBar({ share }: { share: number | null }) {
  if (share === null) return null;
  const percent = share * 100;
  return (
    <span className={classes.track} title={`${percent < 0.1 ? "under 0.1" : percent.toFixed(percent < 10 ? 1 : 0)}\u202F% of the folder`}>
      <span className={classes.fill} style={{ width: `${percent}%` }} />
    </span>
  );
}

function RestCells({ row }: { row: Extract<TreeRow, { type: "rest" }> }) {
  const { bytes } = useFormat();
  // A round number needs no digits behind the point: "50 MB", not "50.0 MB".
  const under = row.underBytes === null ? "" : `, each under ${bytes(row.underBytes).replace(/\.0+(?=\s)/, "")}`;
  return (
    <>
      <TreeCell className={`${classes.name} ${classes.rest}`} style={{ paddingLeft: indent(row.level) }} title="Show them">
        <span aria-hidden className={classes.twisty} />
        <Icon of={IconDots} size="small" />
        <span className={text.cut}>
          {formatCount(row.count)} more{under}
        </span>
      </TreeCell>
      <TreeCell className={`${classes.number} ${classes.size}`}>{row.sizeBytes === null ? "" : bytes(row.sizeBytes)}</TreeCell>
      <TreeCell />
      <TreeCell className={classes.number}>{row.files === null ? "" : formatCount(row.files)}</TreeCell>
      <TreeCell />
      <TreeCell />
    </>
  );
}
