/** What differs between the version that a channel points at and the one that it shall point at. Pure: rows of texts, signs but no colour. */
import type { VersionDetail } from "../../../ipc";
import { formatDay, formatMetric, shortDigest, unknown } from "../../../shared/format";

export interface ComparedRow {
  name: string;
  before: string;
  after: string;
  difference: string;
  mono?: boolean;
}

/** More metrics than these are counted below. */
const metricsShown = 12;
const dayLength = 86_400_000;

export interface Comparison {
  rows: ComparedRow[];
  /** Metrics that are not shown. */
  moreMetrics: number;
}

/** `before` is null where the channel is new. */
export function compared(before: VersionDetail | null, after: VersionDetail, bytes: (value: number) => string): Comparison {
  const names = [...new Set([after, before].flatMap((version) => version?.card.metrics.map((metric) => metric.name) ?? []))];
  const rows = [
    { name: "Digest", before: before ? shortDigest(before.digest) : unknown, after: shortDigest(after.digest), difference: "", mono: true },
    createdRow(before, after),
    ...names.slice(0, metricsShown).map((name) => metricRow(name, before, after)),
    ...cardRows(before, after),
    sizeRow(before, after, bytes),
    { name: "Signed", before: before ? yesNo(before.signed) : unknown, after: yesNo(after.signed), difference: "" },
  ];
  return { rows, moreMetrics: Math.max(0, names.length - metricsShown) };
}

function createdRow(before: VersionDetail | null, after: VersionDetail): ComparedRow {
  const from = before?.created ?? null;
  const to = after.created;
  const days = from === null || to === null ? null : Math.round((Date.parse(to) - Date.parse(from)) / dayLength);
  const difference = days === null || days === 0 ? "" : `${minus(days)}${Math.abs(days)} ${Math.abs(days) === 1 ? "day" : "days"}`;
  return { name: "Created", before: from === null ? unknown : formatDay(from), after: to === null ? unknown : formatDay(to), difference };
}

function metricRow(name: string, before: VersionDetail | null, after: VersionDetail): ComparedRow {
  const from = metricOf(before, name);
  const to = metricOf(after, name);
  const difference = from === null || to === null ? "" : signedDifference(from, to);
  return { name, before: formatMetric(from), after: formatMetric(to), difference };
}

function metricOf(version: VersionDetail | null, name: string): number | null {
  return version?.card.metrics.find((metric) => metric.name === name)?.value ?? null;
}

/** As many digits as the more exact of the two has; nothing where they are the same. */
export function signedDifference(from: number, to: number): string {
  const digits = Math.min(6, Math.max(decimals(from), decimals(to)));
  const difference = Number((to - from).toFixed(digits));
  if (difference === 0) return "";
  return `${difference > 0 ? "+" : minus(difference)}${Math.abs(difference).toFixed(digits)}`;
}

function decimals(value: number): number {
  const text = String(value);
  return text.includes("e") ? 6 : (text.split(".")[1] ?? "").length;
}

function minus(value: number): string {
  return value < 0 ? "\u2212" : "";
}

/** The dataset always, other facts of the card where they differ. */
function cardRows(before: VersionDetail | null, after: VersionDetail): ComparedRow[] {
  const facts: { name: string; of: (version: VersionDetail) => string | null; always?: boolean }[] = [
    { name: "Dataset", of: ({ card }) => card.dataset, always: true },
    { name: "Architecture", of: ({ card }) => card.architecture },
    { name: "Parameters", of: ({ card }) => card.parameters },
    { name: "Precision", of: ({ card }) => card.precision },
    { name: "Quantization", of: ({ card }) => card.quantization },
    { name: "Format", of: ({ card }) => card.format },
    { name: "Framework", of: ({ card }) => card.framework },
    { name: "Context", of: ({ card }) => (card.contextLength === null ? null : String(card.contextLength)) },
    { name: "Licence", of: ({ card }) => card.licenses.join(", ") || null },
    { name: "Base", of: ({ card }) => card.base },
    { name: "Platforms", of: ({ platforms }) => [...new Set(platforms.map((one) => one.platform))].join(", ") || null },
    { name: "Kind", of: ({ kindLabel }) => kindLabel },
  ];
  return facts.flatMap(({ name, of, always = false }) => {
    const from = before === null ? null : of(before);
    const to = of(after);
    const differs = before !== null && from !== to;
    if (!differs && !(always && to !== null)) return [];
    return [{ name, before: from ?? unknown, after: to ?? unknown, difference: differs ? "changed" : "" }];
  });
}

/** Layers that somebody who has the one must still pull for the other; only where both are of one platform. */
function sizeRow(before: VersionDetail | null, after: VersionDetail, bytes: (value: number) => string): ComparedRow {
  const known = new Set(before?.layers.map((layer) => layer.digest));
  const fresh = new Map(after.layers.filter((layer) => !known.has(layer.digest)).map((layer) => [layer.digest, layer.sizeBytes]));
  const sum = [...fresh.values()].reduce((total, size) => total + size, 0);
  const comparable = before !== null && before.platform === after.platform && after.layers.length > 0;
  const size = (version: VersionDetail | null) => (version?.sizeBytes == null ? unknown : bytes(version.sizeBytes));
  return { name: "Size", before: size(before), after: size(after), difference: comparable ? `${bytes(sum)} to pull` : "" };
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
