/** Several versions chosen: what they hold together, what only they hold, what they have in common. Each blob counts once. */

import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type SelectionSummary, toProblem } from "../../ipc";
import { selectionQuery } from "../../ipc/queries/versions";
import { counted, formatCount, formatMonths, useFormat } from "../../shared/format";
import { IconButton } from "../../shared/IconButton";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { OnlyLayers, OwnBytes } from "./SelectionLists";
import classes from "./SelectionPane.module.css";
import { SelectionPull } from "./SelectionPull";

interface SelectionPaneProps {
  connectionId: string;
  repository: string;
  /** Digests in the order of the table. */
  digests: readonly string[];
  onClear: () => void;
}

export function SelectionPane({ connectionId, repository, digests, onClear }: SelectionPaneProps) {
  const answer = useQuery(selectionQuery(connectionId, repository, digests));
  const title = `${counted(digests.length, "version")} selected`;
  const summary = answer.data;
  return (
    <aside className={classes.pane} aria-label={title}>
      <header className={classes.header}>
        <div className={text.row}>
          <h2 className={text.title}>{title}</h2>
          <span className={text.grow} />
          <IconButton small icon={IconX} label="Clear the selection" hotkey="Esc" onClick={onClear} />
        </div>
        <p className={classes.below}>{summary ? describe(summary) : "\u00A0"}</p>
      </header>
      {answer.error ? (
        <ProblemStrip problem={toProblem(answer.error)} action={{ label: "Try again", run: () => void answer.refetch() }} />
      ) : null}
      {summary ? <Sums summary={summary} /> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Selection">
        {summary ? (
          <>
            <OwnBytes summary={summary} />
            <OnlyLayers summary={summary} />
            <InCommon summary={summary} />
          </>
        ) : null}
      </section>
      <SelectionPull connectionId={connectionId} repository={repository} digests={digests} />
    </aside>
  );
}

function describe(summary: SelectionSummary): string {
  const months = summary.oldest === null || summary.newest === null ? "" : `; ${formatMonths(summary.oldest, summary.newest)}`;
  const signed = summary.signed === 0 ? "none of them signed" : `${formatCount(summary.signed)} of them signed`;
  return `${counted(summary.tags, "tag")}${months}; ${signed}`;
}

function Sums({ summary }: { summary: SelectionSummary }) {
  const { bytes } = useFormat();
  const total = summary.onlyTheseBytes + summary.sharedBytes;
  return (
    <>
      <div className={classes.sums}>
        <Sum value={bytes(summary.storedBytes)} label="stored" />
        <Sum value={bytes(summary.onlyTheseBytes)} label="only in these" />
        <Sum value={bytes(summary.sharedBytes)} label="shared" />
      </div>
      <div className={classes.split}>
        <div
          role="img"
          className={classes.splitBar}
          aria-label={`${bytes(summary.onlyTheseBytes)} of ${bytes(summary.storedBytes)} only in these`}
        >
          <i className={classes.own} style={{ flexGrow: total === 0 ? 0 : summary.onlyTheseBytes / total }} />
          <i className={classes.kept} style={{ flexGrow: total === 0 ? 1 : summary.sharedBytes / total }} />
        </div>
      </div>
    </>
  );
}

function Sum({ value, label }: { value: string; label: string }) {
  return (
    <div>
      <b>{value}</b>
      <span>{label}</span>
    </div>
  );
}

function InCommon({ summary }: { summary: SelectionSummary }) {
  if (summary.common.length === 0) return null;
  return (
    <section className={text.section}>
      <h3 className={text.sectionHead}>In common</h3>
      <dl className={text.keyValues}>
        {summary.common.map(({ field, value }) => (
          <Pair key={field} field={field} value={value} />
        ))}
      </dl>
    </section>
  );
}

function Pair({ field, value }: { field: string; value: string }) {
  return (
    <>
      <dt className={text.cut}>{field}</dt>
      <dd className={text.cut} title={value}>
        {value}
      </dd>
    </>
  );
}
