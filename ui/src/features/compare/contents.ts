/** What is inside compared versions, as sections and rows of the comparison. Pure. */
import { letterOf } from "../../app/navigation/compareRoute";
import type { ComparedContents, ComparedFileCounts, ComparedPackages, Comparison } from "../../ipc";
import { formatCount } from "../../shared/format";
import type { CompareRow, Section } from "./sections";

/** As far as it is known. */
export interface ShownContents {
  found: ComparedContents | undefined;
  /** In place of the count, where nothing is known: `not read`. */
  instead: string;
  /** What is alike is told too. */
  alike: boolean;
  /** Files that are shown: those that differ, or of them those that match. */
  files: number;
}

export function contentsSections(
  comparison: Comparison,
  { found, instead, alike }: ShownContents,
): { packages: Section[]; files: Section[] } {
  if (comparison.same) return { packages: [], files: [] };
  const unread = (id: "packages" | "files", title: string): Section[] => [{ id, title, differing: 0, note: "", instead }];
  if (found === undefined) return { packages: unread("packages", "Packages"), files: unread("files", "Files") };
  const differing = found.packages.reduce((sum, { rows }) => sum + rows.filter((row) => row.differs).length, 0);
  const packages: Section[] = found.packages.length === 0 ? [] : [{ id: "packages", title: "Packages", differing, note: "" }];
  return { packages, files: [{ id: "files", title: "Files", differing: found.differingFiles, note: filesNote(found, comparison, alike) }] };
}

/** With a heading for each ecosystem. */
export function packageRows({ found }: ShownContents, onlyDifferences: boolean): CompareRow[] {
  if (found === undefined) return [{ kind: "unread" }];
  return found.packages.flatMap((ecosystem): CompareRow[] => [
    { kind: "section", section: ecosystemSection(ecosystem, found.packagesStated) },
    ...ecosystem.rows.filter((row) => row.differs || !onlyDifferences).map((row): CompareRow => ({ kind: "packages", row })),
  ]);
}

export function fileRows({ found, files }: ShownContents): CompareRow[] {
  if (found === undefined) return [{ kind: "unread" }];
  return Array.from({ length: files }, (_, place): CompareRow => ({ kind: "files", place, file: null }));
}

function ecosystemSection({ name, rows }: ComparedPackages, stated: boolean): Section {
  const differing = rows.filter((row) => row.differs).length;
  const count =
    differing === 0 ? `all ${formatCount(rows.length)} are the same` : `${formatCount(differing)} of ${formatCount(rows.length)} differ`;
  return { id: "packages", title: `${name} packages`, differing, note: stated ? `${count}, from the SBOMs` : count };
}

/** `36 differ; 12 added, 12 removed, 12 changed`, or by version: `36 differ; B: 12 added; C: 24 changed`. */
function filesNote({ differingFiles, files }: ComparedContents, { reference }: Comparison, alike: boolean): string {
  const others = files.map((counts, place) => ({ counts, place })).filter(({ place }) => place !== reference);
  const alone = others.length === 1;
  const each = others.map(({ counts, place }) => (alone ? countsText(counts, alike) : `${letterOf(place)}: ${countsText(counts, alike)}`));
  const bySize = others.map(({ counts }) => counts.sameBySize);
  const most = Math.max(0, ...bySize);
  const guessed = bySize.every((count) => count === most) ? formatCount(most) : `up to ${formatCount(most)}`;
  const alikeInAll = Math.max(0, ...others.map(({ counts }) => counts.same));
  const sum =
    differingFiles === 0
      ? [alikeInAll === 0 ? "there are none" : `all ${formatCount(alikeInAll)} are the same`]
      : [`${formatCount(differingFiles)} ${differingFiles === 1 ? "differs" : "differ"}`, ...each];
  return [...sum, ...(most === 0 ? [] : [`${guessed} count as the same by their size alone`])].join("; ");
}

function countsText(counts: ComparedFileCounts, alike: boolean): string {
  const told = ["added", "removed", "changed", "same"] as const;
  const parts = told.filter((part) => counts[part] > 0 && (part !== "same" || alike));
  return parts.length === 0 ? "all the same" : parts.map((part) => `${formatCount(counts[part])} ${part}`).join(", ");
}
