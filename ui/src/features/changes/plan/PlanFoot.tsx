/** The foot of a plan: what can be undone, what is asked for, and the two buttons. Cancel has the focus; Enter alone deletes nothing. */
import { Button, Kbd, Progress as ProgressBar } from "@mantine/core";
import { IconArrowBackUp, IconHourglass, IconTrash } from "@tabler/icons-react";
import type { RefObject } from "react";
import { Icon } from "../../../shared/Icon";
import { displayCombination } from "../../../shared/keys";
import text from "../../../shared/text.module.css";
import danger from "../running/danger.module.css";
import { TypedName } from "../running/TypedName";
import type { Foot } from "./foot";
import classes from "./PlanPage.module.css";

interface PlanFootProps {
  foot: Foot;
  cancel: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  main: { label: string; deletes: boolean; off: boolean; run: () => void } | null;
  /** The name that has to be typed first. */
  typed: { name: string; value: string; onChange: (value: string) => void } | null;
  /** Undoes what was done of a plan that was done in part; null: there is no such thing. */
  onUndo: (() => void) | null;
}

export function PlanFoot({ foot, cancel, onCancel, main, typed, onUndo }: PlanFootProps) {
  const { progress, words } = foot;
  return (
    <footer className={classes.foot}>
      {progress ? (
        <ProgressBar
          className={classes.progress}
          aria-label={progress.label}
          value={progress.total === null || progress.total === 0 ? 0 : (progress.done / progress.total) * 100}
        />
      ) : null}
      {words.length > 0 ? <Icon of={progress ? IconHourglass : IconArrowBackUp} /> : null}
      <div className={classes.words} role="status">
        {words.map((line, position) => (
          <p key={position} className={position === 0 ? text.middle : text.dim}>
            {line}
          </p>
        ))}
      </div>
      {typed ? <TypedName className={classes.typed} {...typed} /> : null}
      <Button ref={cancel} disabled={foot.cancel.off} onClick={onCancel}>
        {foot.cancel.label}
      </Button>
      {onUndo ? <Button onClick={onUndo}>Undo what was done</Button> : null}
      {main ? (
        <Button
          variant="filled"
          className={main.deletes ? danger.danger : undefined}
          disabled={main.off}
          leftSection={main.deletes ? <Icon of={IconTrash} size="small" /> : null}
          rightSection={<Kbd>{displayCombination("Ctrl+Enter")}</Kbd>}
          onClick={main.run}
        >
          {main.label}
        </Button>
      ) : null}
    </footer>
  );
}
