/** What every plan has: its numbers, its rows, what was found while it was checked, and the foot with the buttons. */
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ChangeRequest, ConnectionInfo, Outcome, Plan, Problem, Settings } from "../../../ipc";
import { versionsPageQuery } from "../../../ipc/queries/versions";
import { formatRelative, useFormat } from "../../../shared/format";
import { useEscape } from "../../../shared/keys";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import { initialView, queryOf } from "../../versions/viewState";
import { deletes } from "../running/words";
import { Aside } from "./Aside";
import { footOf, planNotes } from "./foot";
import { PlanContent } from "./PlanContent";
import { PlanFoot } from "./PlanFoot";
import { PlanHead } from "./PlanHead";
import classes from "./PlanPage.module.css";
import { type Stage, usePlanStage } from "./usePlanStage";

export interface PlanPlace {
  connection: ConnectionInfo;
  repository: string;
  settings: Settings;
  /** What the line at the foot of the window says of the plan. Must not change. */
  onNotes: (notes: readonly string[]) => void;
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
  /** The folder that what goes is copied into first; null: none. */
  backupTo: string | null;
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
  const { connection, repository, request, checksAtOnce, onNotes } = props;
  const staged = usePlanStage({ connectionId: connection.id, repository, request, preview: props.preview, onDone: props.onDone });
  const { stage, check, checkAgain, drop, execute, stop } = staged;
  const { plan, name } = stage;
  const [typed, setTyped] = useState("");
  const aside = useRef<HTMLFieldSetElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const { now, bytes } = useFormat();
  const summary = useQuery(versionsPageQuery(queryOf(connection.id, repository, initialView), 0)).data;

  const requestKey = JSON.stringify(request);
  const locked = name === "running" || name === "ended";
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each choice, as soon as nothing else runs
  useEffect(() => {
    if (checksAtOnce && request !== null && !locked) check();
  }, [requestKey, checksAtOnce, locked]);
  // Cancel has the focus before anything can be deleted, and while it is. Who changes a choice by hand goes on with it.
  useEffect(() => {
    const choosing = checksAtOnce && (aside.current?.contains(document.activeElement) ?? false);
    if ((name !== "looking" || checksAtOnce) && !choosing) cancel.current?.focus();
  }, [name, checksAtOnce]);
  // A name is typed for one plan.
  const planId = name === "checked" ? plan?.planId : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another plan asks anew
  useEffect(() => setTyped(""), [planId]);
  useEffect(() => onNotes(plan === null ? [] : planNotes(plan)), [onNotes, plan]);

  const foot = footOf({
    stage,
    typed,
    connection: connection.name,
    byRules: !checksAtOnce,
    canCheck: request !== null && props.usable,
    backsUp: props.backupTo !== null,
    bytes,
  });
  const close = () => {
    if (name !== "running") drop();
    props.onClose();
  };
  const actions = { check: checkAgain, execute: () => execute(typed), drop, stop, close };
  const onCancel = actions[foot.cancel.does];
  useEscape(onCancel, !foot.cancel.off);
  const main = foot.main === null ? null : { ...foot.main, run: actions[foot.main.does] };
  // A key that is held down confirms one thing, not two.
  const confirm = (event: KeyboardEvent) => !event.repeat && main !== null && !main.off && main.run();
  useHotkeys([["mod+Enter", confirm]], []);
  const undoPart = () => {
    if (stage.name !== "ended") return;
    props.onUndo(stage.outcome);
    drop();
  };
  const problem = staged.refused ?? (stage.name === "looking" ? (stage.problem ?? props.problem) : null);
  const age = summary === undefined || summary.syncedAt === null ? null : formatRelative(summary.syncedAt, now);
  return (
    <>
      <PlanHead connection={connection} repository={repository} title={props.title} stage={stage} age={age} />
      <main className={classes.page}>
        <Aside ref={aside} locked={locked} label={checksAtOnce ? "Choice" : "Rules"}>
          {props.aside}
        </Aside>
        <section className={classes.plan} aria-label="Plan" data-pane>
          {problem === null ? null : (
            <ProblemStrip
              banner
              problem={problem}
              still={problem.hint ?? "Nothing was changed."}
              action={request === null ? undefined : { label: "Check again", run: checkAgain }}
            />
          )}
          {props.blocked && !locked ? (
            props.empty
          ) : (
            <PlanContent
              stage={stage}
              channels={props.settings.channels}
              backupTo={props.backupTo}
              onRetry={locked || name === "checking" || request === null ? null : checkAgain}
            />
          )}
        </section>
        <PlanFoot
          foot={foot}
          cancel={cancel}
          onCancel={onCancel}
          main={main}
          typed={typedOf(stage, typed, setTyped)}
          onUndo={stage.name === "ended" && canUndo(stage.outcome) ? undoPart : null}
        />
      </main>
    </>
  );
}

/** A backup that came no further leaves nothing to be undone. */
function canUndo({ journalId, done, plan }: Outcome): boolean {
  return journalId !== null && deletes(done.flatMap((place) => plan.steps[place] ?? []));
}

function typedOf(stage: Stage, value: string, onChange: (value: string) => void) {
  return stage.name === "checked" && stage.plan.typedName !== null ? { name: stage.plan.typedName, value, onChange } : null;
}
