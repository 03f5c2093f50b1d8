/** TanStack Table as the model of the columns: which stand, in which order, by which the rows are sorted. Rows are virtual and paged, so it holds none. */
import { columnOrderingFeature, columnVisibilityFeature, rowSortingFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import type { VersionRow } from "../../ipc";
import { useFormat } from "../../shared/format";
import { textWidth } from "../../shared/textWidth";
import { allColumns, inFace, metricColumnId, sameSort, type VersionColumn, withinWidths } from "./columns";
import type { ViewState } from "./viewState";

const features = tableFeatures({ columnOrderingFeature, columnVisibilityFeature, rowSortingFeature });
const noRows: VersionRow[] = [];
const someDay = "2026-09-28T12:00:00Z";
const dataWidth = (text: string) => textWidth(text, "400 12px");

export interface VersionColumns {
  /** All that the repository can have, in order, for the column chooser. */
  all: readonly VersionColumn[];
  visible: readonly VersionColumn[];
  sorted: { id: string; descending: boolean } | null;
  sortBy: (column: VersionColumn) => void;
  /** null: as wide as at first. */
  resize: (column: VersionColumn, width: number | null) => void;
}

type ChangeView = (change: (before: ViewState) => ViewState) => void;

export function useVersionColumns(view: ViewState, change: ChangeView, metricNames: readonly string[]): VersionColumns {
  const { when } = useFormat();
  // Dates may be written out, which is longer than "11 mo ago".
  const timeWidth = dataWidth(when(someDay));
  const all = useMemo(() => {
    const usual = inFace(allColumns(metricNames, view.order), (sample) =>
      Math.max(dataWidth(sample), sample.endsWith("ago") ? timeWidth : 0),
    );
    return usual.map((column) => {
      const width = view.widths[column.id];
      return column.width === null || width === undefined ? column : { ...column, width, clips: true };
    });
  }, [metricNames, view.order, view.widths, timeWidth]);
  const definitions = useMemo(
    () =>
      all.map((column) => ({
        id: column.id,
        header: column.label,
        accessorFn: (row: VersionRow) => row.digest,
        enableSorting: column.sort !== null,
        sortDescFirst: column.largestFirst ?? false,
      })),
    [all],
  );
  const sortedColumn = all.find((column) => column.sort !== null && sameSort(column.sort, view.sort));
  const state = useMemo(() => {
    const shownMetrics = new Set((view.metrics ?? []).map(metricColumnId));
    const isVisible = (column: VersionColumn) =>
      column.origin === "label" ? shownMetrics.has(column.id) : !view.hidden.includes(column.id);
    return {
      columnOrder: all.map((column) => column.id),
      columnVisibility: Object.fromEntries(all.map((column) => [column.id, isVisible(column)])),
      sorting: sortedColumn ? [{ id: sortedColumn.id, desc: view.descending }] : [],
    };
  }, [all, view.metrics, view.hidden, view.descending, sortedColumn]);
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    state,
    manualSorting: true,
    enableSortingRemoval: false,
    onSortingChange: (update) => {
      const [next] = typeof update === "function" ? update(state.sorting) : update;
      const column = all.find((candidate) => candidate.id === next?.id);
      if (next && column?.sort) change((before) => ({ ...before, sort: column.sort ?? "version", descending: next.desc }));
    },
  });
  const visibleIds = table.getVisibleLeafColumns().map((column) => column.id);
  const signature = visibleIds.join("\n");
  const visible = useMemo(() => signature.split("\n").flatMap((id) => all.filter((column) => column.id === id)), [signature, all]);
  const sorted = useMemo(
    () => (sortedColumn ? { id: sortedColumn.id, descending: view.descending } : null),
    [sortedColumn, view.descending],
  );
  const resize = (column: VersionColumn, width: number | null) =>
    change((before) => {
      const { [column.id]: _, ...others } = before.widths;
      return { ...before, widths: width === null ? others : { ...others, [column.id]: withinWidths(width) } };
    });
  return { all, visible, sorted, resize, sortBy: (column) => table.getColumn(column.id)?.toggleSorting() };
}
