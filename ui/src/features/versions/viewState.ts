/** How a person looks at one repository: order, filters, platform, columns, chart. Kept per repository. */
import type { VersionFilter, VersionSort, VersionsQuery } from "../../ipc";
import { asRecord, asStrings } from "../../shared/persisted";
import { withinWidths } from "./columns";

export interface ViewState {
  sort: VersionSort;
  descending: boolean;
  filter: VersionFilter;
  /** Sizes and layers are of this platform; null: all; undefined: not known yet what there is. */
  platform: string | null | undefined;
  /** Names of the metrics that have a column; undefined: not known yet what there is. */
  metrics: string[] | undefined;
  /** Columns by id, in their order, and those that are hidden. */
  order: string[];
  hidden: string[];
  /** Pixels of the columns that were made wider or narrower, by id. */
  widths: Readonly<Record<string, number>>;
  chart: boolean;
  axis: "version" | "time";
}

export const noFilter: VersionFilter = { text: "", kinds: [], platform: null, labels: [], createdAfter: null, createdBefore: null };

export const initialView: ViewState = {
  sort: "version",
  descending: true,
  filter: noFilter,
  platform: undefined,
  metrics: undefined,
  order: [],
  hidden: ["pushed"],
  widths: {},
  chart: false,
  axis: "version",
};

export const viewKey = (connectionId: string, repository: string) => `berth.view.${connectionId}/${repository}`;

const sorts = ["version", "name", "kind", "size", "layers", "created", "pushed", "platforms"] as const;

function parseSort(value: unknown): VersionSort {
  const record = asRecord(value);
  if (record !== null && typeof record.metric === "string") return { metric: record.metric };
  return sorts.find((sort) => sort === value) ?? "version";
}

function parseWidths(value: unknown): Record<string, number> {
  const kept = Object.entries(asRecord(value) ?? {});
  return Object.fromEntries(kept.flatMap(([id, width]) => (typeof width === "number" ? [[id, withinWidths(width)] as const] : [])));
}

/** A filter text is not kept: a person who comes back wants to see everything. The chips are, because they can be seen. */
function parseFilter(value: unknown): VersionFilter {
  const kept = asRecord(value);
  if (kept === null) return noFilter;
  const labels = Array.isArray(kept.labels) ? kept.labels : [];
  return {
    text: "",
    kinds: asStrings(kept.kinds),
    platform: text(kept.platform),
    labels: labels.flatMap((label) => {
      const record = asRecord(label);
      return typeof record?.key === "string" && typeof record.value === "string" ? [{ key: record.key, value: record.value }] : [];
    }),
    createdAfter: text(kept.createdAfter),
    createdBefore: text(kept.createdBefore),
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function parseView(value: unknown): ViewState | null {
  const kept = asRecord(value);
  if (kept === null) return null;
  return {
    sort: parseSort(kept.sort),
    descending: kept.descending !== false,
    filter: parseFilter(kept.filter),
    platform: kept.platform === null ? null : (text(kept.platform) ?? undefined),
    metrics: Array.isArray(kept.metrics) ? asStrings(kept.metrics) : undefined,
    order: asStrings(kept.order),
    hidden: Array.isArray(kept.hidden) ? asStrings(kept.hidden) : initialView.hidden,
    widths: parseWidths(kept.widths),
    chart: kept.chart === true,
    axis: kept.axis === "time" ? "time" : "version",
  };
}

/** What is asked from the program for this view. */
export function queryOf(connectionId: string, repository: string, view: ViewState): VersionsQuery {
  return {
    connectionId,
    repository,
    sort: view.sort,
    descending: view.descending,
    filter: view.filter,
    platform: view.platform ?? null,
    metrics: view.metrics ?? [],
  };
}

/** The platform and the metric that a repository shows at first: linux/amd64 where there is a choice, accuracy where it is known. */
export function firstChoices(platforms: readonly string[], metricNames: readonly string[]): Pick<ViewState, "platform" | "metrics"> {
  const platform = platforms.length < 2 ? null : (platforms.find((name) => name === "linux/amd64") ?? platforms[0] ?? null);
  const metric = metricNames.find((name) => name === "accuracy") ?? metricNames[0];
  return { platform, metrics: metric === undefined ? [] : [metric] };
}

/** How many chips stand beside the filter field; the text is not one of them. */
export function chipCount(filter: VersionFilter): number {
  return (
    filter.kinds.length +
    filter.labels.length +
    Number(filter.platform !== null) +
    Number(filter.createdAfter !== null) +
    Number(filter.createdBefore !== null)
  );
}

export function isFiltered(filter: VersionFilter): boolean {
  return filter.text !== "" || chipCount(filter) > 0;
}
