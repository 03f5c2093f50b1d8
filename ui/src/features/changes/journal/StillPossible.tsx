/** What undoing, finishing or rolling back would do now, from a plan that is only looked at. */
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { type ChangeRequest, type JournalEntry, type Plan, toProblem } from "../../../ipc";
import { previewQuery } from "../../../ipc/queries/changes";
import { counted, formatClock } from "../../../shared/format";
import text from "../../../shared/text.module.css";
import { stepWords } from "../running/words";
import classes from "./JournalDetail.module.css";
import { type Possibility, possibilities } from "./possible";

const names: Record<Possibility, string> = { undo: "Undo", finish: "Finish", rollBack: "Roll back" };

function requestOf(entry: JournalEntry, what: Possibility): ChangeRequest {
  return { kind: what === "finish" ? "resume" : "undo", id: entry.id };
}

/** Its plan says that it must not be. */
export function useRefused(entry: JournalEntry, what: Possibility): boolean {
  const { error } = useQuery(previewQuery(requestOf(entry, what)));
  return error !== null && toProblem(error).code === "refused";
}

export function StillPossible({ entry }: { entry: JournalEntry }) {
  const possible = possibilities(entry);
  const [first] = possible;
  return (
    <section className={text.section} aria-label="Still possible">
      <h3 className={text.sectionHead}>
        <span>Still possible</span>
        {first === undefined ? null : <Checked entry={entry} what={first} />}
      </h3>
      {possible.length === 0 ? (
        <p className={`${text.small} ${text.middle}`}>{whyNothing(entry)}</p>
      ) : (
        <dl className={classes.possible}>
          {possible.map((one) => (
            <Fragment key={one}>
              <dt>{names[one]}</dt>
              <dd>
                <Possible entry={entry} what={one} />
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </section>
  );
}

/** When the registry was asked: a plan is made anew each time the entry is opened. */
function Checked({ entry, what }: { entry: JournalEntry; what: Possibility }) {
  const { dataUpdatedAt, errorUpdatedAt } = useQuery(previewQuery(requestOf(entry, what)));
  const at = Math.max(dataUpdatedAt, errorUpdatedAt);
  return <span className={text.dim}>{at === 0 ? "being checked" : `checked ${formatClock(new Date(at).toISOString())}`}</span>;
}

function whyNothing({ state }: JournalEntry): string {
  if (state === "running") return "It runs: wait until it ends.";
  if (state === "undone") return "It was undone. To do it again, undo the undo.";
  return "Nothing of it was done: there is nothing to take back.";
}

function Possible({ entry, what }: { entry: JournalEntry; what: Possibility }) {
  const { data: plan, error } = useQuery(previewQuery(requestOf(entry, what)));
  if (error) {
    const { code, message, hint } = toProblem(error);
    const lead = code === "refused" ? "not possible: " : "not known until it is planned: ";
    return (
      <>
        <b>{lead}</b>
        {message}. {hint}
      </>
    );
  }
  if (plan === undefined) return "…";
  return (
    <>
      <b>{untilWhen(entry, what)}</b> {sentenceOf(plan)} {plan.warnings.join(" ")}
    </>
  );
}

/** How long it holds; a registry tells nobody when it collects its garbage. */
function untilWhen({ planned, tags }: JournalEntry, what: Possibility): string {
  if (what === "finish") return "Now:";
  if (planned.digests > 0) return "Now, until the registry collects its garbage:";
  const [first] = tags;
  return first === undefined ? "Now:" : `Until somebody moves ${planned.tags > 1 ? "one of its tags" : first}:`;
}

/** More than two steps are counted: what is put again, what moves, what goes. */
function sentenceOf({ steps }: Plan): string {
  const puts = steps.filter((step) => step.action === "put-manifest");
  const manifests = puts.filter((step) => step.tags.length === 0).length;
  if (steps.length > 2 && puts.length === steps.length && manifests > 0) {
    const tags = puts.length - manifests;
    return `${counted(manifests, "manifest")} ${tags > 0 ? `and ${counted(tags, "tag")} ` : ""}can come back.`;
  }
  const [first, second] = steps;
  if (first === undefined) return "There is nothing left to do.";
  if (second === undefined) return `${stepWords(first)}.`;
  return steps.length === 2
    ? `${stepWords(first)}; ${stepWords(second)}.`
    : `${counted(steps.length, "step")}, the first: ${stepWords(first)}.`;
}
