/** One change of the journal: its outcome, its steps, and what can still be done with it. */
import { Button, Skeleton } from "@mantine/core";
import { IconArrowBackUp, IconCopy, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { go } from "../../../app/navigation";
import { type ChannelSetting, type ConnectionInfo, type JournalDetail, type JournalEntry, toProblem } from "../../../ipc";
import { journalDetailQuery, policiesQuery } from "../../../ipc/queries/changes";
import { copyText } from "../../../shared/clipboard";
import { counted, formatCount, formatDay, formatFull, formatSeconds } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { IconButton } from "../../../shared/IconButton";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import text from "../../../shared/text.module.css";
import { askToFinish, askToRollBack, askToUndo } from "../running/undo";
import { kindName, splitRepository } from "../running/words";
import classes from "./JournalDetail.module.css";
import { JournalFacts } from "./JournalFacts";
import { JournalSteps } from "./JournalSteps";
import { newPlanOf, openNewPlan } from "./newPlan";
import { type Possibility, possibilities } from "./possible";
import { StateMark } from "./StateMark";
import { StillPossible, useRefused } from "./StillPossible";

interface JournalDetailPaneProps {
  id: string;
  connections: readonly ConnectionInfo[];
  channels: readonly ChannelSetting[];
  onClose: () => void;
}

export function JournalDetailPane({ id, connections, channels, onClose }: JournalDetailPaneProps) {
  const { data, error, refetch } = useQuery(journalDetailQuery(id));
  return (
    <aside className={classes.pane} aria-label="Selected change" data-pane>
      <header className={classes.header}>
        <div className={text.row}>
          <h2 className={`${text.title} ${text.cut} ${text.grow}`}>{data ? titleOf(data.entry, connections) : "Change"}</h2>
          <IconButton small icon={IconX} label="Close" hotkey="Esc" onClick={onClose} />
        </div>
        {data ? <Stand entry={data.entry} /> : null}
      </header>
      {error ? (
        <ProblemStrip problem={toProblem(error)} action={{ label: "Try again", run: () => void refetch() }} />
      ) : data === undefined ? (
        <Skeleton height={8} width="60%" m={14} />
      ) : (
        <>
          <div className={classes.scroll}>
            <JournalFacts entry={data.entry} connections={connections} />
            <JournalSteps entry={data.entry} steps={data.steps} channels={channels} />
            <StillPossible detail={data} registry={registryOf(data.entry, connections)} />
            <Terminal entry={data.entry} />
          </div>
          <Foot detail={data} connections={connections} />
        </>
      )}
    </aside>
  );
}

function titleOf(entry: JournalEntry, connections: readonly ConnectionInfo[]): string {
  const [first] = entry.repositories;
  if (first === undefined) return kindName(entry.kind);
  const more = entry.repositories.length > 1 ? ` and ${counted(entry.repositories.length - 1, "other")}` : "";
  return `${kindName(entry.kind)} ${entry.kind === "copy" ? "to" : "in"} ${splitRepository(first, connections).repository}${more}`;
}

function Stand({ entry }: { entry: JournalEntry }) {
  const { started, finished } = entry;
  const [steps, stepsDone] = [entry.planned.steps, entry.done.steps];
  const until = finished === null ? "no end known" : `to ${formatSeconds(finished)}`;
  const far = stepsDone === steps ? counted(steps, "step") : `${formatCount(stepsDone)} of ${counted(steps, "step")}`;
  return (
    <div className={classes.stand}>
      <StateMark state={entry.state} />
      <span title={`${formatFull(started)}\n${finished === null ? "" : formatFull(finished)}`}>
        {far}, {formatDay(started)}, {formatSeconds(started)} {until}
      </span>
    </div>
  );
}

function Terminal({ entry }: { entry: JournalEntry }) {
  const [first] = possibilities(entry);
  if (first === undefined) return null;
  const command = `berthctl journal ${first === "finish" ? "resume" : "undo"} ${entry.id} --yes`;
  return (
    <section className={classes.terminal} aria-label="The same in a terminal">
      <span className={text.head}>The same in a terminal</span>
      <div className={classes.command}>
        <code className={`${text.mono} ${text.cut} ${text.grow}`}>{command}</code>
        <IconButton small icon={IconCopy} label="Copy the command" onClick={() => void copyText(command, "Copied the command")} />
      </div>
    </section>
  );
}

const buttons: Record<Possibility, { label: string; run: (entry: JournalEntry) => void }> = {
  undo: { label: "Undo", run: askToUndo },
  rollBack: { label: "Roll back", run: askToRollBack },
  finish: { label: "Finish it", run: askToFinish },
};

/** Whose promise it is what an undo can count on. */
function registryOf({ repositories }: JournalEntry, connections: readonly ConnectionInfo[]): string {
  return splitRepository(repositories[0] ?? "", connections).connection?.name ?? "The registry";
}

function Foot({ detail, connections }: { detail: JournalDetail; connections: readonly ConnectionInfo[] }) {
  const { entry } = detail;
  const place = splitRepository(entry.repositories[0] ?? "", connections);
  const possible = possibilities(entry);
  return (
    <footer className={classes.foot}>
      {place.connection === null ? null : (
        <button
          type="button"
          className={text.link}
          onClick={() =>
            place.connection && go({ page: "browse", connectionId: place.connection.id, repository: place.repository, digest: null })
          }
        >
          Open repository
        </button>
      )}
      <span className={text.grow} />
      <NewPlanButton detail={detail} connections={connections} />
      {[...possible].reverse().map((one) => (
        <Act key={one} entry={entry} what={one} main={one === possible[0]} />
      ))}
    </footer>
  );
}

/** For what did not come to its end: the registry may have changed, so all of it is judged again. */
function NewPlanButton({ detail, connections }: { detail: JournalDetail; connections: readonly ConnectionInfo[] }) {
  const { data: policies } = useQuery({ ...policiesQuery, enabled: detail.entry.policy !== null });
  const plan = newPlanOf(detail, connections, policies ?? []);
  return plan === null ? null : <Button onClick={() => openNewPlan(plan, detail)}>New plan…</Button>;
}

/** Left out where its plan is refused: the text above says why. */
function Act({ entry, what, main }: { entry: JournalEntry; what: Possibility; main: boolean }) {
  const refused = useRefused(entry, what);
  if (refused) return null;
  const { label, run } = buttons[what];
  return (
    <Button
      variant={main ? "filled" : "default"}
      leftSection={what === "finish" ? null : <Icon of={IconArrowBackUp} size="small" />}
      onClick={() => run(entry)}
    >
      {label}
      {what !== "finish" && entry.done.digests > 0 ? ` ${counted(entry.done.digests, "deletion")}` : ""}…
    </Button>
  );
}
