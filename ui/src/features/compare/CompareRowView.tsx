/** One row of a comparison: what it is about, and a cell for each version. */
import { IconCopy } from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import type { ComparedLayer, Comparison } from "../../ipc";
import { type Format, longerDigest, shortDigest, unknown } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { LayerBar, layerPaint } from "../../shared/layers";
import text from "../../shared/text.module.css";
import classes from "./CompareGrid.module.css";
import contents from "./Contents.module.css";
import { type Cell, cellOf, onePlatform } from "./cells";
import { type CompareRow, lettersOf, type Section } from "./sections";

export interface RowContext {
  comparison: Comparison;
  format: Format;
  /** In which versions each layer is. */
  holders: ReadonlyMap<string, readonly number[]>;
  /** Bytes of the largest layer, and of the largest version. */
  largestLayer: number;
  largestVersion: number;
}

interface CompareRowViewProps {
  id: string;
  /** From 0, without the head. */
  place: number;
  top: number;
  height: number;
  row: CompareRow;
  context: RowContext;
  /** The column of the cursor, if it stands in this row. */
  cursor: number | null;
  /** What else stands in the row of a section, or in place of what was not read. */
  extra: ReactNode;
}

export const cellId = (rowId: string, column: number) => `${rowId}-${column}`;

export const CompareRowView = memo(function CompareRowView({ id, place, top, height, row, context, cursor, extra }: CompareRowViewProps) {
  const { versions } = context.comparison;
  const shape = { top, height };
  if (row.kind === "section") return <SectionRow section={row.section} {...{ id, place, shape, context, extra }} />;
  if (row.kind === "unread") return <UnreadRow {...{ id, place, shape, context, extra }} />;
  const label = labelOf(row, context);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    <div role="row" id={id} aria-rowindex={place + 2} className={classes.row} data-kind={row.kind} style={shape}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div role="rowheader" className={classes.label} title={label}>
        {row.kind === "files" ? <FilePath path={label} /> : <span className={text.cut}>{label}</span>}
      </div>
      {versions.map((_, column) => {
        const cell = cellOf(row, context.comparison, column, context.format.bytes);
        return (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={column}
            id={cellId(id, column)}
            role="gridcell"
            className={classes.cell}
            data-column={column}
            data-state={cell.state}
            data-cursor={cursor === column || undefined}
            title={row.kind === "scale" || row.kind === "layers" ? undefined : titleOf(cell, row)}
          >
            {contentOf(row, cell, column, context)}
            {row.kind === "scale" || row.kind === "layers" || !cell.text ? null : (
              <button type="button" tabIndex={-1} aria-hidden data-copy className={classes.copy} title="Copy (Ctrl+C)">
                <Icon of={IconCopy} size="smallest" />
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
});

interface SectionRowProps {
  section: Section;
  id: string;
  place: number;
  shape: { top: number; height: number };
  context: RowContext;
  extra: ReactNode;
}

function SectionRow({ section, id, place, shape, context, extra }: SectionRowProps) {
  const { versions } = context.comparison;
  const unpacked = section.id === "files" && section.instead === undefined ? "sizes unpacked" : null;
  const aside = section.id === "config" ? onePlatform(versions) : unpacked;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div role="row" id={id} aria-rowindex={place + 2} className={classes.sectionRow} style={shape}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div role="gridcell" aria-colspan={versions.length + 1} className={classes.section}>
        <span className={classes.heading}>
          <h2>{section.title}</h2>
          <span className={`${text.dim} ${text.cut}`} title={section.note}>
            {section.note}
          </span>
          {extra}
        </span>
        <span className={text.grow} />
        {aside === null ? null : <span className={text.dim}>{aside}</span>}
      </div>
    </div>
  );
}

function UnreadRow({ id, place, shape, context, extra }: Omit<SectionRowProps, "section">) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div role="row" id={id} aria-rowindex={place + 2} className={contents.unread} style={shape}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div role="gridcell" aria-colspan={context.comparison.versions.length + 1} className={contents.sheet}>
        {extra}
      </div>
    </div>
  );
}

/** Clips at its start: the name of the file stays in sight. */
function FilePath({ path }: { path: string }) {
  return (
    <span className={`${text.cut} ${contents.path}`}>
      <bdi dir="ltr">{path}</bdi>
    </span>
  );
}

function labelOf(row: CompareRow, { comparison }: RowContext): string {
  const letter = lettersOf([comparison.reference]);
  switch (row.kind) {
    case "pull":
      return `To pull, having ${letter}`;
    case "shared":
      return `Shared with ${letter}`;
    case "own":
      return "Only here";
    case "scale":
      return "All, to scale";
    case "values":
      return row.row.name;
    case "layers":
      return row.row.name;
    case "packages":
      return row.row.name;
    case "files":
      return row.file?.path ?? "…";
    case "steps":
      return `Step ${row.place + 1}`;
    default:
      return "";
  }
}

const absent: Partial<Record<CompareRow["kind"], string>> = { packages: "Not installed", files: "Not there" };

function titleOf({ text: value, note }: Cell, { kind }: CompareRow): string {
  if (value === null) return absent[kind] ?? "Not stated";
  return note === "" ? value : `${value}\n${note}`;
}

function contentOf(row: CompareRow, cell: Cell, column: number, context: RowContext): ReactNode {
  switch (row.kind) {
    case "scale":
      return <ScaleBar column={column} context={context} />;
    case "layers":
      return <LayerCell layer={row.row.layers[column] ?? null} cell={cell} context={context} />;
    case "pull":
      return <span className={cell.state === "reference" ? text.dim : classes.big}>{cell.text}</span>;
    case "shared":
    case "own":
      return <span className={`${text.cut} ${cell.state === "reference" ? text.dim : ""}`}>{cell.text}</span>;
    default:
      return <ValueCell cell={cell} mono={row.kind === "steps" || isMono(row)} />;
  }
}

function isMono(row: CompareRow): boolean {
  return row.kind === "values" && (row.section === "config" || row.row.path === "revision");
}

function ValueCell({ cell, mono }: { cell: Cell; mono: boolean }) {
  return (
    <>
      <span className={`${text.cut} ${mono && cell.text !== null ? text.mono : ""} ${cell.text === null ? text.dim : ""}`}>
        {cell.text ?? unknown}
      </span>
      {cell.note === "" ? null : <span className={classes.note}>{cell.note}</span>}
    </>
  );
}

function ScaleBar({ column, context }: { column: number; context: RowContext }) {
  const { comparison, largestVersion } = context;
  const layers = comparison.layers.flatMap((row) => row.layers[column] ?? []);
  const total = layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  if (layers.length === 0) return <span className={text.dim}>{unknown}</span>;
  return (
    <LayerBar
      layers={layers}
      height={10}
      share={largestVersion === 0 ? 1 : (total / largestVersion) * 0.96}
      describe={(segment) => layerText(layers.find((layer) => layer.digest === segment.digest) ?? null, context)}
    />
  );
}

function LayerCell({ layer, cell, context }: { layer: ComparedLayer | null; cell: Cell; context: RowContext }) {
  if (layer === null) return <ValueCell cell={cell} mono={false} />;
  const share = context.largestLayer === 0 ? 0 : layer.sizeBytes / context.largestLayer;
  return (
    <>
      <span aria-hidden className={classes.track}>
        <i data-layer={layer.digest} style={{ width: `${share * 100}%` }} {...layerPaint(layer.digest)} />
      </span>
      <span data-copy className={`${text.mono} ${text.dim}`} title={`${layer.digest}\nClick copies it`}>
        {shortDigest(layer.digest)}
      </span>
      <span className={classes.size}>
        {cell.state === "same" ? "same" : context.format.bytes(layer.sizeBytes)}
        {cell.note === "added" ? <span className={classes.note}>added</span> : null}
      </span>
    </>
  );
}

/** `sha256:802604da71c5 · 903 MB · CUDA runtime · in A and B`. */
export function layerText(layer: ComparedLayer | null, { format, holders }: RowContext): string {
  if (layer === null) return "";
  const where = `in ${lettersOf(holders.get(layer.digest) ?? [])}`;
  return [longerDigest(layer.digest), format.bytes(layer.sizeBytes), layer.name, where].join(" · ");
}
