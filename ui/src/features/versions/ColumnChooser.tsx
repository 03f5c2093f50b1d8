/** Which columns stand, and in which order: by dragging, or with the arrows on a handle. */
import { Checkbox, Popover } from "@mantine/core";
import { IconLayoutColumns } from "@tabler/icons-react";
import { useState } from "react";
import { IconButton } from "../../shared/IconButton";
import { ReorderHandle, useReorder } from "../../shared/Reorder";
import text from "../../shared/text.module.css";
import { metricOfColumn, type VersionColumn } from "./columns";
import classes from "./VersionsTools.module.css";
import { initialView, type ViewState } from "./viewState";

interface ColumnChooserProps {
  view: ViewState;
  change: (change: (before: ViewState) => ViewState) => void;
  columns: readonly VersionColumn[];
}

export function ColumnChooser({ view, change, columns }: ColumnChooserProps) {
  const [opened, setOpened] = useState(false);
  const move = (id: string, to: number) => {
    const order = columns.map((column) => column.id).filter((other) => other !== id);
    // The version stays first: it is the name of the row.
    order.splice(Math.max(1, Math.min(order.length, to)), 0, id);
    change((before) => ({ ...before, order }));
  };
  const { rowProps, handleProps } = useReorder(move);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <IconButton small icon={IconLayoutColumns} label="Columns" onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <div className={classes.columns}>
          <div className={classes.columnsHead}>Columns, in this order</div>
          <ul>
            {columns.map((column, position) => (
              <li key={column.id} className={classes.column} {...rowProps(column.id, position)}>
                <Checkbox
                  label={column.label}
                  checked={isShown(view, column)}
                  disabled={column.id === "version"}
                  onChange={() => change((before) => withToggled(before, column))}
                  className={text.grow}
                />
                <span className={classes.origin}>{column.id === "version" ? "always" : column.origin}</span>
                {column.id === "version" ? null : <ReorderHandle name={column.label} {...handleProps(column.id, position)} />}
              </li>
            ))}
          </ul>
          <div className={classes.columnsFoot}>
            <button
              type="button"
              className={text.link}
              onClick={() => change((before) => ({ ...before, order: [], hidden: initialView.hidden, widths: {}, metrics: undefined }))}
            >
              As at first
            </button>
            <span className={text.grow} />
            drag to move
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function isShown(view: ViewState, column: VersionColumn): boolean {
  const metric = metricOfColumn(column.id);
  return metric === null ? !view.hidden.includes(column.id) : (view.metrics ?? []).includes(metric);
}

function withToggled(view: ViewState, column: VersionColumn): ViewState {
  const flip = (values: readonly string[], value: string) =>
    values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  const metric = metricOfColumn(column.id);
  return metric === null ? { ...view, hidden: flip(view.hidden, column.id) } : { ...view, metrics: flip(view.metrics ?? [], metric) };
}
