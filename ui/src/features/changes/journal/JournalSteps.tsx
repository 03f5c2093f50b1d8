/** The steps of a change, each with what it expected and what became of it. */
import type { ChannelSetting, JournalEntry, JournalStep } from "../../../ipc";
import { counted, formatFull, formatSeconds, shortDigest, unknown, useFormat } from "../../../shared/format";
import { TagChip } from "../../../shared/tags/TagChip";
import text from "../../../shared/text.module.css";
import classes from "./JournalDetail.module.css";
import { KeptManifests } from "./KeptManifests";
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

interface JournalStepsProps {
  entry: JournalEntry;
  steps: readonly JournalStep[];
  channels: readonly ChannelSetting[];
}

export function JournalSteps({ entry, steps, channels }: JournalStepsProps) {
  return (
    <section className={`${text.section} ${classes.stepsSection}`} aria-label="Steps">
      <h3 className={text.sectionHead}>
        <span>Steps</span>
        <KeptManifests id={entry.id} steps={steps} />
      </h3>
      <table className={classes.steps}>
        <thead>
          <tr>
            <th scope="col">
              <span className={text.hidden}>Number</span>
            </th>
            <th scope="col">Step</th>
            <th scope="col">Expected</th>
            <th scope="col">Outcome</th>
            <th scope="col">{entry.planned.digests > 0 && entry.backups.length === 0 ? "Freed" : "Bytes"}</th>
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
  const { bytes } = useFormat();
  const { step, state, at, message } = record;
  const hasBytes = state === "done" && step.bytes > 0;
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
      <td colSpan={hasBytes ? 1 : 2}>
        <StepMark action={step.action} state={state} message={message} />
      </td>
      {hasBytes ? <td className={classes.bytes}>{bytes(step.bytes)}</td> : null}
      <td className={classes.time} title={at === null ? undefined : formatFull(at)}>
        {at === null ? unknown : formatSeconds(at)}
      </td>
    </tr>
  );
}
