/** The steps of a change, each with what it expected and what became of it. */
import type { ChannelSetting, JournalStep } from "../../../ipc";
import { counted, formatFull, shortDigest, unknown } from "../../../shared/format";
import { TagChip } from "../../../shared/tags/TagChip";
import text from "../../../shared/text.module.css";
import classes from "./JournalDetail.module.css";
import { StepMark } from "./StateMark";

/** More steps than these are counted: the terminal lists them all. */
const stepsShown = 200;

const verbs: Record<string, string> = {
  "put-manifest": "set",
  "delete-tag": "untag",
  "delete-manifest": "delete",
  "copy-blob": "copy",
  "mount-blob": "mount",
};

export function JournalSteps({ steps, channels }: { steps: readonly JournalStep[]; channels: readonly ChannelSetting[] }) {
  return (
    <section className={`${text.section} ${classes.stepsSection}`} aria-label="Steps">
      <h3 className={text.sectionHead}>Steps</h3>
      <table className={classes.steps}>
        <thead>
          <tr>
            <th scope="col">
              <span className={text.hidden}>Number</span>
            </th>
            <th scope="col">Step</th>
            <th scope="col">Expected</th>
            <th scope="col">Outcome</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {steps.slice(0, stepsShown).map((one, position) => (
            <Step key={position} number={position + 1} record={one} channels={channels} />
          ))}
        </tbody>
      </table>
      {steps.length > stepsShown ? <p className={text.small}>and {counted(steps.length - stepsShown, "more step")}</p> : null}
    </section>
  );
}

function Step({ number, record, channels }: { number: number; record: JournalStep; channels: readonly ChannelSetting[] }) {
  const { step, state, at, message } = record;
  const [first, ...others] = step.tags;
  const mark = channels.find((channel) => channel.name === first)?.mark ?? null;
  return (
    <tr data-bad={state === "failed" || undefined}>
      <td>{number}</td>
      <td title={`${step.reference}\n${step.digest}\n${step.reason}`}>
        <span className={classes.step}>
          <span>{verbs[step.action] ?? step.action}</span>
          {first === undefined ? (
            <span className={text.mono}>{shortDigest(step.digest)}</span>
          ) : (
            <TagChip tag={{ name: first, channel: mark }} />
          )}
          {others.length > 0 ? <span>+{others.length}</span> : null}
          {step.action === "put-manifest" && first !== undefined ? <span className={text.mono}>{shortDigest(step.digest)}</span> : null}
        </span>
      </td>
      <td className={text.mono} title={step.expectedDigest ?? "Nothing was there"}>
        {step.expectedDigest === null ? unknown : shortDigest(step.expectedDigest)}
      </td>
      <td>
        <StepMark state={state} message={message} />
      </td>
      <td title={at === null ? undefined : formatFull(at)}>{at === null ? unknown : clockOf(at)}</td>
    </tr>
  );
}

function clockOf(iso: string): string {
  return formatFull(iso).split(" ")[1] ?? unknown;
}
