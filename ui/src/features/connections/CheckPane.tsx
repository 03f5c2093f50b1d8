/** The check of a connection, step by step: what works, what does not, and the likely cause. */
import { IconCheck, IconMinus, IconPointFilled, IconX } from "@tabler/icons-react";
import type { CheckStep, Problem } from "../../ipc";
import { formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import text from "../../shared/text.module.css";
import classes from "./CheckPane.module.css";
import { stepOrder, stepTitle } from "./checkOutcome";

interface CheckPaneProps {
  steps: CheckStep[] | null;
  running: boolean;
  folder: boolean;
  problem: Problem | null;
}

export function CheckPane({ steps, running, folder, problem }: CheckPaneProps) {
  return (
    <section className={classes.pane} aria-label="Check" aria-live="polite" aria-busy={running}>
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
          <span>{stepTitle({ step, ok: true, detail: "", hint: null, milliseconds: null })}</span>
          <span />
        </li>
      ))}
    </ul>
  );
}

function StepLine({ step }: { step: CheckStep }) {
  const failed = step.ok === false;
  const shape = step.ok === null ? IconMinus : step.ok ? IconCheck : IconX;
  const colour = step.ok === null ? text.dim : step.ok ? text.ok : text.danger;
  const said = step.detail.trim();
  return (
    <li>
      <Icon of={shape} size="small" className={colour} />
      <span className={`${classes.title} ${step.ok === null ? text.dim : ""}`} title={said === "" ? undefined : said}>
        {failed || said === "" ? stepTitle(step) : said}
      </span>
      <span className={`${text.number} ${text.dim}`}>{step.milliseconds === null ? "" : `${formatCount(step.milliseconds)}\u202Fms`}</span>
      {failed && said !== "" && said !== stepTitle(step) ? <p>{said}</p> : null}
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
