/** What could not be read of a version; everything else of it stands as usual. */
import { IconAlertTriangle } from "@tabler/icons-react";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";

export function ProblemNotes({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={classes.problems} aria-label="Problems">
      {problems.slice(0, 20).map((problem) => (
        <li key={problem}>
          <Icon of={IconAlertTriangle} size="small" className={text.warn} />
          <span>{problem}</span>
        </li>
      ))}
    </ul>
  );
}
