/** A plan before it is carried out: its steps, what it warns of, and the button. Opens for an undo, a finish, a roll back, and for a plan that asks for something. */
import { Button, Kbd, Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Plan, planChange, toProblem } from "../../../ipc";
import { Dialog } from "../../../shared/Dialog";
import dialog from "../../../shared/Dialog.module.css";
import { counted } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { displayCombination } from "../../../shared/keys";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import { executePlan, forgetUndoable } from "./changes";
import danger from "./danger.module.css";
import classes from "./PlanDialog.module.css";
import { type AskedPlan, closePlan, useAskedPlan } from "./planDialog";
import { Requirements } from "./Requirements";
import { TypedName } from "./TypedName";
import { deletes, stepWords } from "./words";

/** More steps than this are counted. */
const stepsShown = 100;

export function PlanDialog() {
  const asked = useAskedPlan();
  return (
    <Dialog opened={asked !== null} onClose={closePlan} title={asked?.title ?? ""} size={520}>
      {asked ? <Asked key={JSON.stringify(asked.request)} asked={asked} /> : null}
    </Dialog>
  );
}

function Asked({ asked }: { asked: AskedPlan }) {
  const { data: plan, error } = useQuery({
    queryKey: ["plan", asked.request],
    queryFn: ({ signal }) => planChange(asked.request, { signal }),
    initialData: asked.plan,
    gcTime: 0,
  });
  const [typed, setTyped] = useState("");
  const cancel = useRef<HTMLButtonElement>(null);
  const main = useRef<HTMLButtonElement>(null);
  const dangerous = plan !== undefined && deletes(plan.steps);
  const ready = plan !== undefined && isReady(plan, typed);
  // Until the plan is known nothing is confirmed by Enter; a plan that deletes never is.
  useEffect(() => {
    if (ready && !dangerous && document.activeElement === cancel.current) main.current?.focus();
  }, [ready, dangerous]);
  const confirm = () => {
    if (plan === undefined || !ready) return;
    closePlan();
    void executePlan(plan, asked.words, null, plan.typedName === null ? null : typed).then((outcome) => {
      if (outcome?.state === "done" && asked.undoes !== undefined) forgetUndoable(asked.undoes);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    confirm();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter works wherever the focus is in the dialog
    <div onKeyDown={onKeyDown}>
      {error ? (
        <ProblemStrip problem={toProblem(error)} />
      ) : plan === undefined ? (
        <div aria-busy="true" role="status" className={classes.steps}>
          <span className={classes.reading}>Reading what the registry holds now</span>
          <Skeleton height={8} width="70%" my={7} />
        </div>
      ) : (
        <>
          <PlanSteps plan={plan} />
          <Requirements requirements={plan.requirements} />
          {plan.typedName === null ? null : <TypedName className={classes.typed} name={plan.typedName} value={typed} onChange={setTyped} />}
        </>
      )}
      <div className={dialog.actions}>
        <Button ref={cancel} onClick={closePlan} data-autofocus>
          Cancel
        </Button>
        <Button
          ref={main}
          variant="filled"
          className={dangerous ? danger.danger : undefined}
          disabled={!ready}
          onClick={confirm}
          rightSection={<Kbd>{displayCombination(dangerous ? "Ctrl+Enter" : "Enter")}</Kbd>}
        >
          {asked.verb}
        </Button>
      </div>
    </div>
  );
}

/** Nothing that is asked for is missing. */
function isReady(plan: Plan, typed: string): boolean {
  const met = plan.requirements.every((one) => one.met);
  return plan.steps.length > 0 && met && (plan.typedName === null || plan.typedName === typed);
}

function PlanSteps({ plan }: { plan: Plan }) {
  const { steps, warnings, unreadable } = plan;
  return (
    <>
      <p className={dialog.lead}>{steps.length === 0 ? "There is nothing to do." : `${counted(steps.length, "step")}:`}</p>
      <ol className={classes.steps} aria-label="Steps">
        {steps.slice(0, stepsShown).map((step, position) => (
          <li key={position} title={`${step.reference} ${step.digest}`}>
            {stepWords(step)}
          </li>
        ))}
        {steps.length > stepsShown ? <li>and {counted(steps.length - stepsShown, "more step")}</li> : null}
      </ol>
      {[...warnings, ...unreadable.map((part) => `${part.reference} could not be read: ${part.problem}`)].map((words) => (
        <p key={words} className={classes.warning}>
          <Icon of={IconAlertTriangle} size="small" />
          <span>{words}</span>
        </p>
      ))}
    </>
  );
}
