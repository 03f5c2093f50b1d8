/** How each cell of the versions table looks. Plain elements: thousands of them pass by while somebody scrolls. */
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { VersionRow } from "../../ipc";
import { type Format, formatFull, formatMetric, unknown } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { IconSigned } from "../../shared/icons";
import { LayerBar } from "../../shared/layers";
import { fitTags } from "../../shared/tags/fitTags";
import { TagChip } from "../../shared/tags/TagChip";
import text from "../../shared/text.module.css";
import { metricOfColumn } from "./columns";
import classes from "./VersionsGrid.module.css";

export interface CellContext {
  format: Format;
  /** Bytes that stand for the full width of a layer bar. */
  largestBytes: number;
  /** Names of the metrics in the order of `row.metrics`. */
  metrics: readonly string[];
  /** Pixels that the version's cell has for its tags. */
  tagWidth: number;
}

/** Unknown, with its reason on hover. */
function Unknown({ reason }: { reason: string }) {
  return (
    <span className={text.dim} title={reason}>
      {unknown}
    </span>
  );
}

const skeletonWidths: Record<string, number> = { kind: 38, size: 44, layers: 74, created: 46, pushed: 46, platforms: 62, digest: 54 };

function Skeleton({ width }: { width: number }) {
  return <span aria-hidden className={classes.skeleton} style={{ width }} />;
}

/** A cell of a row that is known. A pending row has its tags and sometimes its digest; all else is a skeleton. */
export function cellContent(column: string, row: VersionRow, context: CellContext): ReactNode {
  if (column === "version") return <VersionCell row={row} width={context.tagWidth} />;
  if (column === "digest" && row.digest !== null) return row.shortDigest;
  if (row.pending) return column === "signed" ? null : <Skeleton width={skeletonWidths[column] ?? 32} />;
  // A tag whose manifest could not be read: the mark beside its name says why, and so does every empty cell.
  if (row.digest === null) return column === "signed" ? null : <Unknown reason={row.problem?.message ?? "It could not be read"} />;
  switch (column) {
    case "kind":
      return row.kindLabel;
    case "size":
      return row.sizeBytes === null ? <Unknown reason={row.sizeCounts} /> : context.format.bytes(row.sizeBytes);
    case "layers":
      return <LayersCell row={row} largestBytes={context.largestBytes} />;
    case "created":
      return <TimeCell iso={row.created} format={context.format} reason="Its config does not tell when it was made" />;
    case "pushed":
      return <TimeCell iso={row.pushed} format={context.format} reason="The registry does not tell when it was pushed" />;
    case "platforms":
      return <PlatformsCell row={row} />;
    case "signed":
      return row.signed ? (
        <span className={classes.signed} role="img" aria-label="Signed" title="A signature points at this version; it was not verified">
          <Icon of={IconSigned} size="small" />
        </span>
      ) : null;
    default:
      return <MetricCell value={row.metrics[context.metrics.indexOf(metricOfColumn(column) ?? "")]} />;
  }
}

/** What a cell says in full, for the hover. Empty where the cell says it itself. */
export function cellTitle(column: string, row: VersionRow, format: Format): string {
  switch (column) {
    case "version":
      return row.tags.map((tag) => tag.name).join(", ");
    case "kind":
      return row.kindLabel;
    case "size":
      return row.sizeBytes === null ? "" : `${format.bytes(row.sizeBytes)} ${row.sizeCounts}`;
    case "created":
      return row.created === null ? "" : formatFull(row.created);
    case "pushed":
      return row.pushed === null ? "" : formatFull(row.pushed);
    case "platforms":
      return row.platforms.join(", ");
    case "digest":
      return row.digest ?? "";
    default:
      return "";
  }
}

/** A cell of a row whose page is still being read. */
export function unreadCell(column: string, index: number): ReactNode {
  if (column === "signed") return null;
  return <Skeleton width={column === "version" ? 40 + ((index * 37) % 60) : (skeletonWidths[column] ?? 32)} />;
}

function VersionCell({ row, width }: { row: VersionRow; width: number }) {
  const { shown, more } = fitTags(row.tags, width - (row.problem ? 20 : 0));
  return (
    <span className={classes.tags}>
      {row.problem ? (
        <span className={text.warn} role="img" aria-label={row.problem.message} title={row.problem.message}>
          <Icon of={IconAlertTriangle} size="small" />
        </span>
      ) : null}
      {row.tags.length === 0 ? <span className={text.dim}>untagged</span> : null}
      {shown.map((tag, position) => (
        <TagChip key={tag.name} tag={tag} first={position === 0} />
      ))}
      {more.length > 0 ? (
        <span className={classes.more} title={more.map((tag) => tag.name).join(", ")}>
          +{more.length}
        </span>
      ) : null}
    </span>
  );
}

function LayersCell({ row, largestBytes }: { row: VersionRow; largestBytes: number }) {
  if (row.layers.length === 0) return <Unknown reason="Its layers are not known" />;
  const size = row.sizeBytes ?? row.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  return <LayerBar layers={row.layers} share={largestBytes === 0 ? 1 : Math.min(1, size / largestBytes)} />;
}

function TimeCell({ iso, format, reason }: { iso: string | null; format: Format; reason: string }) {
  return iso === null ? <Unknown reason={reason} /> : format.when(iso);
}

function PlatformsCell({ row }: { row: VersionRow }) {
  if (row.platforms.length > 0) return row.platforms.map((platform) => platform.replace(/^linux\//, "")).join(" ");
  if (row.kind === "image") return <Unknown reason="Its config does not tell its platform" />;
  return (
    <span className={text.dim} title={`${row.kindLabel} has no platform`}>
      any
    </span>
  );
}

function MetricCell({ value }: { value: number | null | undefined }) {
  return value === null || value === undefined ? <Unknown reason="No such label" /> : formatMetric(value);
}
