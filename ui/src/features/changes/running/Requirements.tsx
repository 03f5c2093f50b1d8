/** What a channel asks for: what is met and what is missing. */
import { IconCheck, IconX } from "@tabler/icons-react";
import type { Requirement } from "../../../ipc";
import { Icon } from "../../../shared/Icon";
import classes from "./PlanDialog.module.css";

export function Requirements({ requirements }: { requirements: readonly Requirement[] }) {
  if (requirements.length === 0) return null;
  return (
    <ul className={classes.requirements} aria-label="The channel asks for">
      {requirements.map(({ requirement, met, detail }) => (
        <li key={requirement} className={`${classes.requirement} ${met ? classes.met : classes.missing}`}>
          <Icon of={met ? IconCheck : IconX} />
          <span>
            <b>{requirement}</b> {met ? "is met" : "is missing"}
            {detail === "" ? "" : `: ${detail}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
