/** What stands in each cell of a comparison, as text. Pure. */
import type { ComparedFile, ComparedVersion, Comparison, FileFate } from "../../ipc";
import { formatCount, unknown } from "../../shared/format";
import type { CompareRow } from "./sections";

export interface Cell {
  /** null: nothing is stated there. */
  text: string | null;
  /** Against the reference: `+0.006`, `added`, `removed`, `same`. */
  note: string;
  /** How it stands to the reference. */
  state: "reference" | "same" | "differs";
}

type Bytes = (value: number) => string;

/** `place`: the column. */
export function cellOf(row: CompareRow, comparison: Comparison, place: number, bytes: Bytes): Cell {
  const { reference } = comparison;
  const of = (text: string | null, from: string | null, difference: string | null = null): Cell => ({
    text,
    note: place === reference || text === from ? "" : (difference ?? (from === null ? "added" : text === null ? "removed" : "")),
    state: place === reference ? "reference" : text === from ? "same" : "differs",
  });
  switch (row.kind) {
    case "values":
      return of(row.row.values[place] ?? null, row.row.values[reference] ?? null, row.row.differences[place] ?? null);
    case "steps":
      return of(row.row.steps[place] ?? null, row.row.steps[reference] ?? null);
    case "packages":
      return of(row.row.versions[place] ?? null, row.row.versions[reference] ?? null);
    case "files":
      return fileCell(row.file, place, reference, bytes);
    case "layers":
      return of(row.row.layers[place]?.digest ?? null, row.row.layers[reference]?.digest ?? null);
    case "pull":
    case "shared":
    case "own":
      return { text: sizeText(row.kind, comparison, place, bytes), note: "", state: place === reference ? "reference" : "same" };
    default:
      return { text: null, note: "", state: "same" };
  }
}

function fileCell(file: ComparedFile | null, place: number, reference: number, bytes: Bytes): Cell {
  const state = place === reference ? "reference" : "same";
  if (file === null) return { text: "", note: "", state };
  const fate = file.fates[place] ?? null;
  if (fate !== null && place !== reference) return { text: fateText(fate, bytes), note: "", state: "differs" };
  const before = file.fates.map((one) => one && beforeText(one, bytes)).find((one) => one !== null) ?? null;
  return { text: before === null || place === reference ? before : "same", note: "", state };
}

/** What became of a file: `added 4.1 kB`, `1.2 MB → 1.3 MB`. */
function fateText(fate: FileFate, bytes: Bytes): string {
  switch (fate.kind) {
    case "added":
      return `added ${bytes(fate.afterBytes)}`;
    case "removed":
      return "removed";
    case "mode":
      return `mode ${fate.before} → ${fate.after}`;
    case "changed":
      return fate.beforeBytes === fate.afterBytes ? "changed, same size" : sizesText(bytes(fate.beforeBytes), bytes(fate.afterBytes), fate);
  }
}

/** Sizes that read alike are told apart by their difference. */
function sizesText(before: string, after: string, { beforeBytes, afterBytes }: { beforeBytes: number; afterBytes: number }): string {
  if (before !== after) return `${before} → ${after}`;
  const difference = afterBytes - beforeBytes;
  return `${before}, ${difference < 0 ? "\u2212" : "+"}${formatCount(Math.abs(difference))} B`;
}

/** What it was in the reference; null: it was not there. */
function beforeText(fate: FileFate, bytes: Bytes): string | null {
  if (fate.kind === "added") return null;
  return fate.kind === "mode" ? `mode ${fate.before}` : bytes(fate.beforeBytes);
}

function sizeText(kind: "pull" | "shared" | "own", { versions, reference }: Comparison, place: number, bytes: Bytes): string {
  const version = versions[place];
  const size = (value: number | null | undefined) => (value == null ? unknown : bytes(value));
  if (kind === "own") return size(version?.ownBytes);
  if (kind === "pull") return place === reference ? "reference" : size(version?.toPullBytes);
  if (place === reference) return version?.sizeBytes == null ? unknown : `${size(version.sizeBytes)} in all`;
  return version?.sharedBytes == null ? unknown : `${size(version.sharedBytes)} of ${size(version.sizeBytes)}`;
}

/** What copying the cell gives: the value, without what it is against the reference. */
export function copiedText(row: CompareRow, comparison: Comparison, place: number, bytes: Bytes): string | null {
  return row.kind === "section" || row.kind === "unread" || row.kind === "scale" ? null : cellOf(row, comparison, place, bytes).text;
}

/** Whether all columns are of the one repository. */
export function isOnePlace(versions: readonly Pick<ComparedVersion, "connectionId" | "repository">[]): boolean {
  return versions.every((one) => one.connectionId === versions[0]?.connectionId && one.repository === versions[0]?.repository);
}

/** The platform that all are of which have any; null: they differ, or have none. */
export function onePlatform(versions: readonly Pick<ComparedVersion, "platform">[]): string | null {
  const named = new Set(versions.map((version) => version.platform).filter((platform) => platform !== null && platform !== anyPlatform));
  return named.size === 1 ? ([...named][0] ?? null) : null;
}

/** What has no platform of its own, such as a model. */
const anyPlatform = "any";

/** Whether each column has to say of which platform it is. */
export function platformsDiffer(versions: readonly Pick<ComparedVersion, "platform">[]): boolean {
  return onePlatform(versions) === null && versions.some((version) => version.platform !== null && version.platform !== anyPlatform);
}
