/** What undoing, finishing or rolling back would do now, each from a plan that is only looked at. */
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { type ChangeRequest, type JournalDetail, type JournalEntry, toProblem } from "../../../ipc";
import { previewQuery } from "../../../ipc/queries/changes";
import { formatClock, useFormat } from "../../../shared/format";
import text from "../../../shared/text.module.css";
import classes from "./JournalDetail.module.css";
import { linesOf, type Possibility, possibilities } from "./possible";
import { saidOf } from "./stillWords";

const names: Record<Possibility, string> = { undo: "Undo", finish: "Finish", rollBack: "Roll back" };

function requestOf(entry: JournalEntry, what: Possibility): ChangeRequest {
  return { kind: what === "finish" ? "resume" : "undo", id: entry.id };
}

/** Its plan says that it must not be, or that a new plan does better. */
export function useRefused(entry: JournalEntry, what: Possibility): boolean {
  const { data, error } = useQuery(previewQuery(requestOf(entry, what)));
  return (error !== null && toProblem(error).code === "refused") || (what === "finish" && (data?.overtaken.length ?? 0) > 0);
}

export function StillPossible({ detail, registry }: { detail: JournalDetail; registry: string }) {
  const { entry } = detail;
  const lines = linesOf(detail);
  const [first] = possibilities(entry);
  return (
    <section className={text.section} aria-label="Still possible">
      <h3 className={text.sectionHead}>
        <span>Still possible</span>
        {first === undefined ? null : <Checked entry={entry} what={first} />}
      </h3>
      {lines.length === 0 ? (
        <p className={`${text.small} ${text.middle}`}>{whyNothing(entry)}</p>
      ) : (
        <dl className={classes.possible}>
          {lines.map(({ what, why }) => (
            <Fragment key={what}>
              <dt>{names[what]}</dt>
              <dd>{why ?? <Possible detail={detail} what={what} registry={registry} />}</dd>
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
  return state === "running" ? "It runs: wait until it ends." : "It was undone. To do it again, undo the undo.";
}

function Possible({ detail, what, registry }: { detail: JournalDetail; what: Possibility; registry: string }) {
  const { now } = useFormat();
  const { data: plan, error } = useQuery(previewQuery(requestOf(detail.entry, what)));
  if (error) {
    const { code, message, hint } = toProblem(error);
    const lead = code === "refused" ? "Not possible:" : "Not known until it is planned:";
    return (
      <>
        <b>{lead}</b> {message}. {hint}
      </>
    );
  }
  if (plan === undefined) return "…";
  const said = saidOf({ detail, what, plan, registry, now });
  return (
    <>
      <b>{said.lead}</b> {said.text}
    </>
  );
}
