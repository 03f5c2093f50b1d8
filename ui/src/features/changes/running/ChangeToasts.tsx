/** A toast for each change that this window makes: how far it is, then what came of it, with Undo. Shows nothing by itself. */
import { Button, Kbd, Progress } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconBan, IconCheck, IconCircleX, IconX, type Icon as TablerIcon } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { go } from "../../../app/navigation";
import { indexRoot } from "../../../ipc/queries/keys";
import { counted, formatCount, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { IconButton } from "../../../shared/IconButton";
import { useEscape, useKeyName } from "../../../shared/keys";
import classes from "./ChangeToasts.module.css";
import { cancelChange, cancelLastChange, needsToast, putAllAway, putAway, type RunningChange, undoChange, useChanges } from "./changes";
import { askForUndo } from "./undo";
import { capital, shortfall, whyFailed } from "./words";

/** How long what went well stays, unless it is hovered or has the focus. */
const doneStays = 10_000;

const toastId = (id: string) => `change ${id}`;

export function ChangeToasts() {
  const { runs: all, ends, watched } = useChanges();
  const runs = useMemo(() => all.filter((run) => needsToast(run, watched)), [all, watched]);
  const client = useQueryClient();
  useEscape(
    cancelLastChange,
    runs.some((run) => run.ended === null),
  );
  // The index was told what changed: nobody waits for the next look at it.
  useEffect(() => {
    if (ends > 0) void client.invalidateQueries({ queryKey: indexRoot });
  }, [client, ends]);
  const shown = useRef(new Map<string, RunningChange["ended"]>());
  useEffect(() => {
    for (const run of runs) {
      const before = shown.current.get(run.id);
      if (before === run.ended) continue;
      shown.current.set(run.id, run.ended);
      const failed = run.ended === "failed" || run.ended === "partial";
      const toast = {
        id: toastId(run.id),
        message: <ChangeToast id={run.id} />,
        role: failed ? "alert" : "status",
        withCloseButton: false,
        autoClose: run.ended === null || failed ? (false as const) : doneStays,
        // One that goes because its page tells of it now runs on.
        onClose: () => shown.current.has(run.id) && putAway(run.id),
      };
      if (before === undefined) notifications.show(toast);
      else notifications.update(toast);
    }
    for (const id of [...shown.current.keys()]) {
      if (runs.some((run) => run.id === id)) continue;
      shown.current.delete(id);
      notifications.hide(toastId(id));
    }
  }, [runs]);
  useEffect(() => {
    const told = shown.current;
    return () => {
      for (const id of told.keys()) notifications.hide(toastId(id));
      told.clear();
      putAllAway();
    };
  }, []);
  return null;
}

const icons: Record<NonNullable<RunningChange["ended"]>, TablerIcon> = {
  done: IconCheck,
  nothing: IconCheck,
  partial: IconAlertTriangle,
  failed: IconCircleX,
  cancelled: IconBan,
};

function ChangeToast({ id }: { id: string }) {
  const run = useChanges().runs.find((one) => one.id === id);
  const toast = useRef<HTMLDivElement>(null);
  // Whoever used a button of the toast goes on in the list.
  const leave = (next: () => void) => {
    next();
    if (toast.current?.contains(document.activeElement)) document.querySelector<HTMLElement>("[data-list]")?.focus({ preventScroll: true });
  };
  if (run === undefined) return null;
  return (
    <div ref={toast} className={classes.toast} data-ended={run.ended ?? "running"}>
      {run.ended === null ? null : <Icon of={icons[run.ended]} className={classes.icon} />}
      <Words run={run} />
      <span className={classes.actions}>
        {run.ended === null ? (
          <Button size="xs" onClick={() => leave(() => cancelChange(id))}>
            Cancel
          </Button>
        ) : (
          <>
            <Steps run={run} onLeave={leave} />
            <Undo run={run} onLeave={leave} />
            <IconButton small icon={IconX} label="Put away" onClick={() => leave(() => putAway(id))} />
          </>
        )}
      </span>
    </div>
  );
}

function Words({ run }: { run: RunningChange }) {
  const { bytes } = useFormat();
  const { words, progress, outcome, problem, ended } = run;
  if (ended === null) {
    const far = progress === null ? "" : progress.bytes ? `${bytes(progress.done)} of ${bytes(progress.total)}` : stepOf(progress);
    return (
      <div className={classes.words}>
        <span title={words.doing}>{words.doing}</span> <span className={classes.far}>{far}</span>
        {progress === null ? null : (
          <Progress aria-label={words.doing} value={(100 * progress.done) / Math.max(1, progress.total)} className={classes.progress} />
        )}
      </div>
    );
  }
  if (ended === "done") {
    return (
      <div className={classes.words}>
        <span title={words.done}>{words.done}</span>
        {outcome?.plan.warnings.map((warning) => (
          <p key={warning}>{warning}</p>
        ))}
      </div>
    );
  }
  if (ended === "nothing") return <div className={classes.words}>Nothing to do: {words.what} changes nothing</div>;
  const said = { partial: "was done in part", failed: "failed", cancelled: "was cancelled" }[ended];
  const more = outcome ? shortfall(outcome) : problem ? whyFailed(problem, run.plan !== null) : "";
  return (
    <div className={classes.words}>
      <b>
        {capital(words.what)} {said}
      </b>
      {more === "" ? null : <p>{more}</p>}
    </div>
  );
}

function stepOf({ done, total }: { done: number; total: number }): string {
  return `${formatCount(Math.min(done + 1, total))} of ${counted(total, "step")}`;
}

interface ActionProps {
  run: RunningChange;
  onLeave: (next: () => void) => void;
}

function Steps({ run, onLeave }: ActionProps) {
  const id = run.outcome?.journalId ?? null;
  if (id === null || run.ended === "done") return null;
  return (
    <Button
      size="xs"
      onClick={() =>
        onLeave(() => {
          putAway(run.id);
          go({ page: "journal", id });
        })
      }
    >
      See the steps
    </Button>
  );
}

function Undo({ run, onLeave }: ActionProps) {
  const { undoable } = useChanges();
  const key = useKeyName("undo");
  const one = undoable.find(({ journalId }) => journalId === run.outcome?.journalId);
  if (one === undefined) return null;
  return (
    <Button
      size="xs"
      rightSection={one === undoable.at(-1) ? <Kbd>{key}</Kbd> : null}
      onClick={() => onLeave(() => void undoChange(one, askForUndo))}
    >
      Undo
    </Button>
  );
}
