/** What every plan has: its numbers, its rows, what was found while it was checked, and the foot with the buttons. */
import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { ChangeRequest, ConnectionInfo, Outcome, Plan, Problem, Settings } from "../../../ipc";
import { versionsPageQuery } from "../../../ipc/queries/versions";
import { formatRelative, useFormat } from "../../../shared/format";
import { useEscape } from "../../../shared/keys";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import { initialView, queryOf } from "../../versions/viewState";
import { differenceOf } from "./difference";
import { footOf } from "./foot";
import { PlanFoot } from "./PlanFoot";
import { PlanHead } from "./PlanHead";
import { DifferenceNote, EndNote, PlainNotes } from "./PlanNotes";
import classes from "./PlanPage.module.css";
import { PlanSummary } from "./PlanSummary";
import { PlanTree } from "./PlanTree";
import { endedOf, planModel } from "./planModel";
import { endedRows, planRows, type Toggled } from "./planRows";
import { usePlanStage } from "./usePlanStage";

export interface PlanPlace {
  connection: ConnectionInfo;
  repository: string;
  settings: Settings;
}

interface PlanBodyProps extends PlanPlace {
  /** "Prune" or "Delete". */
  title: string;
  /** null: nothing is selected. */
  request: ChangeRequest | null;
  preview: Plan | null;
  /** Why there is no preview of this request. */
  problem: Problem | null;
  /** The preview is of this request, and nothing is wrong with it. */
  usable: boolean;
  /** Rules or choice; they are locked while something runs. */
  aside: ReactNode;
  /** Nothing can be planned yet; `empty` stands instead of the rows and says why. */
  blocked: boolean;
  empty: ReactNode;
  /** A choice by hand is checked at once; rules are, when somebody asks for it. */
  checksAtOnce: boolean;
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
  onUndo: (outcome: Outcome) => void;
}

export function PlanBody(props: PlanBodyProps) {
  const { connection, repository, settings, request, preview, checksAtOnce } = props;
  const place = { connectionId: connection.id, repository };
  const { stage, check, drop, execute, stop } = usePlanStage({ ...place, request, preview, onDone: props.onDone });
  const { plan } = stage;
  const [toggled, setToggled] = useState<Toggled>({});
  const [typed, setTyped] = useState("");
  const cancel = useRef<HTMLButtonElement>(null);
  const { now } = useFormat();
  const summary = useQuery(versionsPageQuery(queryOf(connection.id, repository, initialView), 0)).data;

  const requestKey = JSON.stringify(request);
  const free = stage.name !== "running" && stage.name !== "ended";
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each choice, as soon as nothing else runs
  useEffect(() => {
    if (checksAtOnce && request !== null && free) check();
  }, [requestKey, checksAtOnce, free]);
  // Cancel has the focus before anything can be deleted, and while it is.
  const { name } = stage;
  useEffect(() => {
    if (name !== "looking" || checksAtOnce) cancel.current?.focus();
  }, [name, checksAtOnce]);
  // A name is typed for one plan.
  const planId = name === "checked" ? plan?.planId : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another plan asks anew
  useEffect(() => setTyped(""), [planId]);

  const model = useMemo(() => (plan === null ? null : planModel(plan)), [plan]);
  const shownBefore = stage.name === "checked" ? stage.check.shown : null;
  const difference = useMemo(() => (shownBefore === null || plan === null ? null : differenceOf(shownBefore, plan)), [shownBefore, plan]);
  const ended = useMemo(() => (stage.name === "ended" ? endedOf(stage.outcome) : null), [stage]);
  const rows = useMemo(() => {
    if (ended !== null) return endedRows(ended, toggled);
    if (model === null || plan === null) return [];
    return planRows(model, plan.unreadable, plan.reclaimedBytes, toggled, (going) => difference?.newDigests.has(going.digest) ?? false);
  }, [ended, model, plan, toggled, difference]);

  const foot = footOf({ stage, typed, connection: connection.name, byRules: !checksAtOnce, canCheck: request !== null && props.usable });
  const close = () => {
    if (stage.name === "ended") drop();
    props.onClose();
  };
  const actions = { check, execute, drop, stop, close };
  const onCancel = actions[foot.cancel.does];
  useEscape(onCancel, !foot.cancel.off);
  const main = foot.main === null ? null : { ...foot.main, run: actions[foot.main.does] };
  useHotkeys(
    [
      [
        "mod+Enter",
        (event) => {
          // A key that is held down confirms one thing, not two.
          if (!event.repeat && main !== null && !main.off) main.run();
        },
      ],
    ],
    [],
  );
  const problem = stage.name === "looking" ? (stage.problem ?? props.problem) : null;
  const locked = !free;
  return (
    <>
      <PlanHead
        connection={connection}
        repository={repository}
        title={props.title}
        stage={stage}
        age={summary?.syncedAt == null ? null : formatRelative(summary.syncedAt, now)}
      />
      <main className={classes.page}>
        <fieldset className={classes.aside} disabled={locked} aria-label={props.title === "Prune" ? "Rules" : "Choice"} data-pane>
          {props.aside}
        </fieldset>
        <section className={classes.plan} aria-label="Plan" data-pane>
          {problem === null ? null : (
            <ProblemStrip
              banner
              problem={problem}
              still={problem.hint ?? "Nothing was changed."}
              action={request === null ? undefined : { label: "Check again", run: check }}
            />
          )}
          {stage.name === "ended" ? <EndNote outcome={stage.outcome} /> : null}
          {difference ? <DifferenceNote difference={difference} /> : null}
          {props.blocked && free ? (
            props.empty
          ) : plan !== null && model !== null ? (
            <>
              {stage.name === "ended" ? null : <PlanSummary plan={plan} model={model} storedBytes={summary?.storedBytes ?? null} />}
              <PlainNotes plan={plan} />
              <PlanTree
                label={stage.name === "ended" ? "Outcome" : "What goes and what stays"}
                rows={rows}
                channels={settings.channels}
                onToggle={(key, open) => setToggled((before) => ({ ...before, [key]: open }))}
              />
            </>
          ) : (
            <div className={classes.grow} aria-busy={problem === null} />
          )}
        </section>
        <PlanFoot
          cancel={cancel}
          cancelLabel={foot.cancel.label}
          cancelOff={foot.cancel.off}
          onCancel={onCancel}
          words={foot.words}
          progress={foot.progress}
          typed={
            stage.name === "checked" && stage.plan.typedName !== null
              ? { name: stage.plan.typedName, value: typed, onChange: setTyped }
              : null
          }
          main={main}
          beside={
            stage.name === "ended" && stage.outcome.journalId !== null && stage.outcome.done.length > 0 ? (
              <Button
                onClick={() => {
                  props.onUndo(stage.outcome);
                  drop();
                }}
              >
                Undo what was done
              </Button>
            ) : null
          }
        />
      </main>
    </>
  );
}
