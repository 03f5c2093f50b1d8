/** What the channel points at now beside what it would point at. Signs, no colours: the program does not know which way is better. */
import { IconArrowRight } from "@tabler/icons-react";
import { useMemo } from "react";
import type { VersionDetail } from "../../../ipc";
import { counted, unknown, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import text from "../../../shared/text.module.css";
import { versionName } from "../../detail/versionName";
import { compared } from "./comparison";
import classes from "./PromoteDialog.module.css";

interface ComparisonTableProps {
  target: string;
  /** null: the channel is new. undefined: not known yet. */
  before: VersionDetail | null | undefined;
  after: VersionDetail;
  /** Whether it is known at all what the channel points at. */
  known: boolean;
}

export function ComparisonTable({ target, before, after, known }: ComparisonTableProps) {
  const { bytes } = useFormat();
  const { rows, moreMetrics } = useMemo(() => compared(before ?? null, after, bytes), [before, after, bytes]);
  const now = before ? versionName(before, before.digest) : unknown;
  const name = versionName(after, after.digest);
  return (
    <div className={classes.compared}>
      <table>
        <colgroup>
          <col className={classes.narrow} />
          <col />
          <col />
          <col className={classes.narrow} />
        </colgroup>
        <thead>
          <tr>
            <td />
            <th scope="col">
              <b title={now}>{now}</b>
              <span>{before === null && known ? `${target} is new` : `${target} now`}</span>
            </th>
            <th scope="col">
              <b title={name}>
                <Icon of={IconArrowRight} size="small" className={classes.arrow} />
                {name}
              </b>
              <span>{target} after</span>
            </th>
            <th scope="col">
              <b>&nbsp;</b>
              <span>difference</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" title={row.name}>
                {row.name}
              </th>
              <td className={row.mono ? text.mono : undefined} title={row.before}>
                {row.before}
              </td>
              <td className={`${classes.new} ${row.mono ? text.mono : ""}`} title={row.after}>
                {row.after}
              </td>
              <td title={row.difference}>{row.difference}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moreMetrics > 0 ? <p className={classes.more}>and {counted(moreMetrics, "more metric")}</p> : null}
    </div>
  );
}
