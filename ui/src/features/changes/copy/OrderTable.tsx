/** Manifests and tags in the order in which they are put. */
import type { ChannelSetting } from "../../../ipc";
import { shortDigest, useFormat } from "../../../shared/format";
import text from "../../../shared/text.module.css";
import classes from "./CopyPage.module.css";
import { digestsWords, type OrderRow } from "./copyModel";
import { StateCell } from "./StateCell";
import { TagChips } from "./TagChips";

export function OrderTable({ rows, channels }: { rows: readonly OrderRow[]; channels: readonly ChannelSetting[] }) {
  const { bytes } = useFormat();
  return (
    <table className={classes.blobs} aria-label="Then, in this order">
      <colgroup>
        <col className={classes.whatColumn} />
        <col />
        <col className={classes.smallBytesColumn} />
        <col className={classes.stateColumn} />
      </colgroup>
      <thead className={text.hidden}>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Digest</th>
          <th scope="col">Bytes</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, position) => (
          <tr key={row.key}>
            <td className={classes.strong} title={row.label}>
              <span className={classes.blob}>
                <span className={`${text.dim} ${classes.place}`}>{position + 1}</span>
                {row.tag === null ? <span className={text.cut}>{row.label}</span> : <TagChips names={[row.tag]} channels={channels} />}
              </span>
            </td>
            <td title={row.digests.join("\n")}>
              {row.moves === null ? (
                <span className={text.mono}>{digestsWords(row.digests)}</span>
              ) : row.moves.from === null ? (
                "new; refused if taken by then"
              ) : (
                <>
                  <span className={text.mono}>{shortDigest(row.moves.from)}</span> to{" "}
                  <span className={text.mono}>{shortDigest(row.moves.to)}</span>; refused if it is elsewhere by then
                </>
              )}
            </td>
            <td className={text.number}>{row.tag === null ? bytes(row.bytes) : ""}</td>
            <td>
              <StateCell
                state={row.state}
                done="put"
                pace=""
                waits={position === 0 ? "waits for blobs" : position === rows.length - 1 ? "put last" : "waits"}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
