/** The columns of the versions table: their names, widths, and by what they sort. How a cell looks is in `cells.tsx`. */
import type { VersionSort } from "../../ipc";

export interface VersionColumn {
  id: string;
  label: string;
  /** Pixels; null takes what is left. */
  width: number | null;
  number?: boolean;
  /** What may be longer than the column; each clipped cell costs a little of every frame while somebody scrolls. */
  clips?: boolean;
  sort: VersionSort | null;
  /** The first click sorts the largest or newest first. */
  largestFirst?: boolean;
  /** The widest text that is usual here: a wide face makes the column wider than `width`. */
  sample?: string;
  /** What the column chooser says beside the name. */
  origin?: string;
}

const fixedColumns: readonly VersionColumn[] = [
  { id: "version", label: "Version", width: null, clips: true, sort: "version", largestFirst: true },
  { id: "kind", label: "Kind", width: 76, clips: true, sample: "ModelPack", sort: "kind" },
  { id: "size", label: "Size", width: 60, sample: "2.09\u202FGB", number: true, sort: "size", largestFirst: true },
  { id: "layers", label: "Layers", width: 86, sort: "layers", largestFirst: true },
  { id: "created", label: "Created", width: 70, sample: "11\u202Fmo ago", sort: "created", largestFirst: true },
  { id: "platforms", label: "Platforms", width: 94, clips: true, sample: "amd64 arm64", sort: "platforms" },
];
const lastColumns: readonly VersionColumn[] = [
  { id: "signed", label: "Signed", width: 26, sort: null },
  { id: "digest", label: "Digest", width: 78, sort: null },
  { id: "pushed", label: "Pushed", width: 70, sample: "11\u202Fmo ago", sort: "pushed", largestFirst: true },
];

export const metricColumnId = (metric: string) => `metric ${metric}`;
export const metricOfColumn = (id: string) => (id.startsWith("metric ") ? id.slice("metric ".length) : null);

function metricColumn(metric: string): VersionColumn {
  const width = Math.min(110, Math.max(62, 14 + metric.length * 6.2));
  return {
    id: metricColumnId(metric),
    label: metric,
    width: Math.round(width),
    number: true,
    clips: true,
    sort: { metric },
    largestFirst: true,
    origin: "label",
  };
}

/** All columns that a repository can have, in the person's order; new ones stand where they belong at first. */
export function allColumns(metricNames: readonly string[], order: readonly string[]): VersionColumn[] {
  const known = [...fixedColumns, ...metricNames.map(metricColumn), ...lastColumns];
  if (order.length === 0) return known;
  const placed = order.flatMap((id) => known.filter((column) => column.id === id));
  const rest = known.filter((column) => !order.includes(column.id));
  const [version, ...others] = [...placed, ...rest].sort((left, right) => Number(right.id === "version") - Number(left.id === "version"));
  return version === undefined ? others : [version, ...others];
}

/** The same columns, as wide as the window's face needs. `measure` tells the pixels of a text. */
export function inFace(columns: readonly VersionColumn[], measure: (text: string) => number): VersionColumn[] {
  return columns.map((column) =>
    column.sample === undefined || column.width === null
      ? column
      : { ...column, width: Math.max(column.width, Math.ceil(measure(column.sample)) + cellPadding) },
  );
}

/** The narrowest and widest that a person can make a column. */
const widths = { least: 28, most: 400 };

export function withinWidths(width: number): number {
  return Math.round(Math.min(widths.most, Math.max(widths.least, width)));
}

/** Which columns go first when the table is narrow. */
const goesFirst = ["platforms", "kind", "layers", "created"];
const leastVersionWidth = 168;
const cellPadding = 13;
export const checkWidth = 28;

/** The columns that fit into `width`; the version keeps at least 168 px. */
export function fittingColumns(columns: readonly VersionColumn[], width: number, selecting: boolean): VersionColumn[] {
  let left = [...columns];
  const needed = () => left.reduce((sum, column) => sum + (column.width ?? leastVersionWidth), selecting ? checkWidth : 0);
  for (const id of goesFirst) {
    if (needed() <= width) break;
    left = left.filter((column) => column.id !== id);
  }
  return left;
}

export function gridTemplate(columns: readonly VersionColumn[], selecting: boolean): string {
  const widths = columns.map((column) => (column.width === null ? "minmax(0, 1fr)" : `${column.width}px`));
  return [...(selecting ? [`${checkWidth}px`] : []), ...widths].join(" ");
}

export function sameSort(left: VersionSort | null, right: VersionSort): boolean {
  return typeof left === "object" && typeof right === "object" ? left?.metric === right.metric : left === right;
}
