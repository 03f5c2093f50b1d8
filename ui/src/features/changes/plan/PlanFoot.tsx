/** The foot of a plan: what can be undone, what is asked for, and the two buttons. Cancel has the focus; Enter alone deletes nothing. */
import { Button, Kbd, Progress as ProgressBar, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconHourglass, IconTrash } from "@tabler/icons-react";
import type { ReactNode, RefObject } from "react";
import { Icon } from "../../../shared/Icon";
import { displayCombination } from "../../../shared/keys";
import text from "../../../shared/text.module.css";
import classes from "./PlanPage.module.css";

interface PlanFootProps {
  cancel: RefObject<HTMLButtonElement | null>;
  cancelLabel: string;
  onCancel: () => void;
  /** Nothing is left to be cancelled. */
  cancelOff?: boolean;
  /** In one or two lines: what holds now. */
  words: readonly ReactNode[];
  /** Steps done, of how many; null: nothing runs. */
  progress: { done: number; total: number | null; label: string } | null;
  /** The name that has to be typed first. */
  typed?: { name: string; value: string; onChange: (value: string) => void } | null;
  main: { label: string; deletes: boolean; off: boolean; run: () => void } | null;
  /** A second thing to do, before the main one. */
  beside?: ReactNode;
}

export function PlanFoot({ cancel, cancelLabel, onCancel, cancelOff, words, progress, typed, main, beside }: PlanFootProps) {
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
      {typed ? (
        <TextInput
          classNames={{ root: classes.typed, label: classes.typedLabel }}
          label={
            <>
              Type <b className={classes.typedName}>{typed.name}</b>
            </>
          }
          aria-label={`Type ${typed.name} to delete`}
          autoComplete="off"
          spellCheck={false}
          value={typed.value}
          onChange={(event) => typed.onChange(event.currentTarget.value)}
        />
      ) : null}
      <Button ref={cancel} disabled={cancelOff ?? false} onClick={onCancel}>
        {cancelLabel}
      </Button>
      {beside}
      {main ? (
        <Button
          variant="filled"
          className={main.deletes ? classes.kill : undefined}
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
