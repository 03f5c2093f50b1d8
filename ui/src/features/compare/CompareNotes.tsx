/** What is to be known before the rows: that all are one version, and what could not be read. */
import { IconAlertTriangle, IconEqual } from "@tabler/icons-react";
import type { Comparison } from "../../ipc";
import { counted } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import classes from "./ComparePage.module.css";

const problemsShown = 3;

/** `further`: problems that came up inside the versions. */
export function CompareNotes({ comparison, further }: { comparison: Comparison; further: readonly string[] }) {
  const { same } = comparison;
  const problems = [...comparison.problems, ...further];
  if (!same && problems.length === 0) return null;
  const more = problems.slice(problemsShown);
  return (
    <ul className={classes.notes} aria-label="Notes">
      {same ? (
        <li>
          <Icon of={IconEqual} size="small" />
          <b>The same version, by digest</b>
        </li>
      ) : null}
      {problems.slice(0, problemsShown).map((problem) => (
        <li key={problem} title={problem}>
          <Icon of={IconAlertTriangle} size="small" className={text.warn} />
          <span className={text.cut}>{problem}</span>
        </li>
      ))}
      {more.length > 0 ? (
        <li title={more.slice(0, 50).join("\n")} className={text.dim}>
          and {counted(more.length, "more problem")}
        </li>
      ) : null}
    </ul>
  );
}
