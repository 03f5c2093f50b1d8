/** Blobs of a copy, a row each. Rows keep their places while it runs. */
import { IconFile } from "@tabler/icons-react";
import { counted, paceWords, shortDigest, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { LayerSwatch } from "../../../shared/layers/LayerSwatch";
import text from "../../../shared/text.module.css";
import classes from "./CopyPage.module.css";
import type { BlobRow } from "./copyModel";
import { StateCell } from "./StateCell";

interface BlobTableProps {
  label: string;
  rows: readonly BlobRow[];
  /** What is said of a row that is done. */
  done: string;
  /** With the names of the columns for all to see. */
  head?: boolean;
}

const columns = ["Blob", "Digest", "Platform", "Progress", "Bytes", "State"];

export function BlobTable({ label, rows, done, head = false }: BlobTableProps) {
  return (
    <table className={classes.blobs} aria-label={label}>
      <colgroup>
        <col />
        <col className={classes.digestColumn} />
        <col className={classes.platformColumn} />
        <col className={classes.progressColumn} />
        <col className={classes.bytesColumn} />
        <col className={classes.stateColumn} />
      </colgroup>
      <thead className={head ? undefined : text.hidden}>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col" data-number={column === "Bytes" || undefined}>
              {column === "State" ? <span className={text.hidden}>{column}</span> : column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.key} row={row} done={done} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, done }: { row: BlobRow; done: string }) {
  const { bytes } = useFormat();
  const { state } = row;
  const sends = state.name === "sends";
  const pace = sends ? paceWords(state.part.pace, bytes) : "";
  return (
    <tr>
      <td className={classes.strong} title={row.label}>
        <span className={classes.blob}>
          {row.digest === null ? <Icon of={IconFile} size="small" /> : <LayerSwatch digest={row.digest} />}
          <span className={text.cut}>{row.label}</span>
        </span>
      </td>
      <td className={row.digest === null ? text.dim : text.mono} title={row.digest ?? undefined}>
        {row.digest === null ? counted(row.count, "digest") : shortDigest(row.digest)}
      </td>
      <td>{row.platforms}</td>
      <td title={row.from}>
        {row.from !== "" ? (
          `from ${row.from}`
        ) : done === "there" ? null : (
          <span className={classes.bar} data-done={state.name === "done" || undefined} aria-hidden>
            <i
              style={{
                width: `${row.bytes === 0 ? (state.name === "done" ? 100 : 0) : Math.min(100, (row.doneBytes / row.bytes) * 100)}%`,
              }}
            />
          </span>
        )}
      </td>
      <td className={`${text.number} ${classes.strong}`}>{sends ? `${bytes(row.doneBytes)} of ${bytes(row.bytes)}` : bytes(row.bytes)}</td>
      <td>
        <StateCell state={state} done={done} pace={pace} waits="waits" />
      </td>
    </tr>
  );
}
