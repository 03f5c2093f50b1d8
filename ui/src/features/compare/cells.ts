/** What stands in each cell of a comparison, as text. Pure. */
import type { ComparedVersion, Comparison } from "../../ipc";
import { unknown } from "../../shared/format";
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
  return row.kind === "section" || row.kind === "scale" ? null : cellOf(row, comparison, place, bytes).text;
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
