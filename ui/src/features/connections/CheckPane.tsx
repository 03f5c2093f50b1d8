/** The check of a connection, step by step: what works, what does not, and the likely cause. */
import { IconCheck, IconMinus, IconPointFilled, IconX } from "@tabler/icons-react";
import type { CheckStep, Problem } from "../../ipc";
import { formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import classes from "./CheckPane.module.css";
import { stepDetail, stepOrder, stepTitle } from "./checkOutcome";

interface CheckPaneProps {
  steps: CheckStep[] | null;
  running: boolean;
  folder: boolean;
  problem: Problem | null;
}

export function CheckPane({ steps, running, folder, problem }: CheckPaneProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls in a low window, so the keyboard must reach it
    <section className={classes.pane} aria-label="Check" aria-live="polite" aria-busy={running} tabIndex={0}>
      <div className={`${text.head} ${classes.head}`}>Check</div>
      {problem ? <Failure problem={problem} /> : null}
      {steps === null ? <Waiting running={running} folder={folder} /> : null}
      {steps === null ? null : (
        <ul className={classes.steps}>
          {steps.map((step) => (
            <StepLine key={step.step} step={step} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Waiting({ running, folder }: { running: boolean; folder: boolean }) {
  if (!running) {
    const what = folder ? "Whether the folder can be read and holds layouts" : "Name, connection, certificate, API, login and rights";
    return <p className={classes.note}>{what}: tried before anything is saved.</p>;
  }
  return (
    <ul className={classes.steps}>
      {stepOrder.map((step) => (
        <li key={step} className={text.dim}>
          <Icon of={IconPointFilled} size="smallest" />
          <span>{stepTitle({ step, ok: null, detail: "", hint: null, milliseconds: null })}</span>
          <span />
        </li>
      ))}
    </ul>
  );
}

function StepLine({ step }: { step: CheckStep }) {
  const shape = step.ok === null ? IconMinus : step.ok ? IconCheck : IconX;
  const colour = step.ok === null ? text.dim : step.ok ? text.ok : text.danger;
  const detail = stepDetail(step);
  return (
    <li>
      <Icon of={shape} size="small" className={colour} />
      <span className={`${classes.title} ${step.ok === null ? text.dim : ""}`}>
        {stepTitle(step)}
        <span className={text.hidden}>{step.ok === false ? " (failed)" : step.ok === null && detail === null ? " (not tried)" : ""}</span>
      </span>
      <span className={`${text.number} ${text.dim}`}>{step.milliseconds === null ? "" : `${formatCount(step.milliseconds)}\u202Fms`}</span>
      {detail === null ? null : <p data-quiet={step.ok !== false || undefined}>{detail}</p>}
      {step.hint ? <p>{step.hint}</p> : null}
    </li>
  );
}

function Failure({ problem }: { problem: Problem }) {
  return (
    <div role="alert" className={classes.failure}>
      <b>{problem.message}</b>
      <p>{problem.hint ?? "Nothing was saved."}</p>
    </div>
  );
}
