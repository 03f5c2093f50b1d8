/** A comparison as one list of rows, section by section. Pure. */
import { letterOf } from "../../app/navigation/compareRoute";
import type { ComparedFile, ComparedLayers, ComparedPackage, ComparedSteps, ComparedValues, Comparison } from "../../ipc";
import { counted, formatCount } from "../../shared/format";
import { contentsSections, fileRows, packageRows, type ShownContents } from "./contents";

export type SectionId = "card" | "layers" | "steps" | "packages" | "config" | "files";

export interface Section {
  id: SectionId;
  title: string;
  /** Rows that differ. */
  differing: number;
  /** What it counts. */
  note: string;
  /** Told in place of the count: `not read`. */
  instead?: string;
}

export type CompareRow =
  /** Bytes: to pull, shared, only here. */
  | { kind: "pull" | "shared" | "own" }
  | { kind: "section"; section: Section }
  /** All layers of each version as one bar. */
  | { kind: "scale" }
  | { kind: "values"; section: "card" | "config"; row: ComparedValues }
  | { kind: "layers"; row: ComparedLayers }
  | { kind: "steps"; place: number; row: ComparedSteps }
  /** In place of packages or files that were not read. */
  | { kind: "unread" }
  | { kind: "packages"; row: ComparedPackage }
  /** null: not read yet. */
  | { kind: "files"; place: number; file: ComparedFile | null };

const heights: Partial<Record<CompareRow["kind"], number>> = { pull: 32, section: 37, unread: 44 };
const otherHeight = 22;

export function heightOf(row: CompareRow): number {
  return heights[row.kind] ?? otherHeight;
}

/** Those that have something to tell. */
export function sectionsOf(comparison: Comparison, contents?: ShownContents): Section[] {
  const { card, layers, history, config } = comparison;
  const differing = (rows: readonly { differs: boolean }[]) => rows.filter((row) => row.differs).length;
  const section = (id: SectionId, title: string, rows: readonly { differs: boolean }[], note: string): Section[] =>
    rows.length === 0 ? [] : [{ id, title, differing: differing(rows), note }];
  const inside = contents === undefined ? { packages: [], files: [] } : contentsSections(comparison, contents);
  return [
    ...section("card", "Model card", card, differenceNote(differing(card), card.length, "field")),
    ...section("layers", "Layers", layers, layersNote(comparison)),
    ...section("steps", "Build steps", history, differenceNote(differing(history), history.length, "step")),
    ...inside.packages,
    ...section("config", "Configuration", config, differenceNote(differing(config), config.length, "entry", "entries")),
    ...inside.files,
  ];
}

/** All rows, or without those that are alike. */
export function rowsOf(
  comparison: Comparison,
  sections: readonly Section[],
  onlyDifferences: boolean,
  contents?: ShownContents,
): CompareRow[] {
  const shown = (row: { differs: boolean }) => row.differs || !onlyDifferences;
  const values = (section: "card" | "config", rows: readonly ComparedValues[]) =>
    rows.filter(shown).map((row): CompareRow => ({ kind: "values", section, row }));
  const inside: Record<SectionId, () => CompareRow[]> = {
    card: () => values("card", comparison.card),
    layers: () => [{ kind: "scale" }, ...comparison.layers.filter(shown).map((row): CompareRow => ({ kind: "layers", row }))],
    steps: () => comparison.history.map((row, place): CompareRow => ({ kind: "steps", place, row })).filter(stepShown(shown)),
    packages: () => (contents === undefined ? [] : packageRows(contents, onlyDifferences)),
    config: () => values("config", comparison.config),
    files: () => (contents === undefined ? [] : fileRows(contents)),
  };
  return [
    { kind: "pull" },
    { kind: "shared" },
    { kind: "own" },
    ...sections.flatMap((section): CompareRow[] => {
      const rows = inside[section.id]();
      // Packages have a heading for each ecosystem.
      return rows[0]?.kind === "section" ? rows : [{ kind: "section", section }, ...rows];
    }),
  ];
}

function stepShown(shown: (row: ComparedSteps) => boolean) {
  return (row: CompareRow) => row.kind === "steps" && shown(row.row);
}

function differenceNote(differing: number, total: number, one: string, many = `${one}s`): string {
  if (differing > 0) return `${formatCount(differing)} of ${counted(total, one, many)} ${differing === 1 ? "differs" : "differ"}`;
  return total === 1 ? `the one ${one} is the same` : `all ${formatCount(total)} ${many} are the same`;
}

/** In which versions each layer is. */
export function holdersOf({ layers }: Comparison): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, Set<number>>();
  for (const { layers: cells } of layers) {
    for (const [place, layer] of cells.entries()) {
      if (layer !== null) holders.set(layer.digest, (holders.get(layer.digest) ?? new Set()).add(place));
    }
  }
  return new Map([...holders].map(([digest, places]) => [digest, [...places].sort((one, other) => one - other)]));
}

/** `A and B`, `A, B and D`. */
export function lettersOf(places: readonly number[]): string {
  const letters = places.map(letterOf);
  return letters.length < 2 ? letters.join("") : `${letters.slice(0, -1).join(", ")} and ${letters.at(-1)}`;
}

/** `19 digests; 5 are in A and B, none in all three`. */
function layersNote(comparison: Comparison): string {
  const count = comparison.versions.length;
  const holders = [...holdersOf(comparison).values()];
  const everywhere = holders.filter((places) => places.length === count).length;
  const some = holders.filter((places) => places.length > 1 && places.length < count);
  const groups = new Set(some.map(lettersOf));
  const where = groups.size === 1 ? [...groups].join("") : "more than one";
  const words = [
    ...(some.length === 0 ? [] : [`${formatCount(some.length)} ${some.length === 1 ? "is" : "are"} in ${where}`]),
    some.length === 0
      ? `${isAre(everywhere)} in ${allOf(count)}`
      : `${everywhere === 0 ? "none" : formatCount(everywhere)} in ${allOf(count)}`,
  ];
  return `${counted(holders.length, "digest")}; ${words.join(", ")}`;
}

function isAre(count: number): string {
  if (count === 0) return "none is";
  return `${formatCount(count)} ${count === 1 ? "is" : "are"}`;
}

function allOf(count: number): string {
  return count === 2 ? "both" : count === 3 ? "all three" : `all ${count}`;
}
