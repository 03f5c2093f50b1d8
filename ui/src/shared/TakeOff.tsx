/** The small cross at the end of a chip. */
import { IconX } from "@tabler/icons-react";
import { Icon } from "./Icon";
import classes from "./TakeOff.module.css";

export function TakeOff({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={classes.off} aria-label={label} onClick={onClick}>
      <Icon of={IconX} size="smallest" />
    </button>
  );
}
