/** The journal as a page: every change by day, newest first, and beside them the one that is opened. */
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { back, replace } from "../../../app/navigation";
import { Toolbar } from "../../../app/Toolbar";
import { type ConnectionInfo, type JournalQuery, type Settings, toProblem } from "../../../ipc";
import { everyChange, journalPagesQuery, journalSizeQuery, unsettledQuery } from "../../../ipc/queries/changes";
import { EmptyState } from "../../../shared/EmptyState";
import { counted, formatCount, formatDay, useFormat } from "../../../shared/format";
import { useEscape } from "../../../shared/keys";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import { StatusLine } from "../../sync/StatusBar";
import { ExportButtons } from "./ExportButtons";
import { InterruptedBanner } from "./InterruptedBanner";
import classes from "./Journal.module.css";
import { JournalDetailPane } from "./JournalDetailPane";
import { JournalGrid } from "./JournalGrid";
import { JournalTools } from "./JournalTools";

interface JournalPageProps {
  connections: readonly ConnectionInfo[];
  settings: Settings;
  /** The change that is opened. */
  id: string | null;
}

const open = (id: string | null) => replace({ page: "journal", id });
const close = () => open(null);

export function JournalPage({ connections, settings, id }: JournalPageProps) {
  const [query, setQuery] = useState(everyChange);
  const pages = useInfiniteQuery({ ...journalPagesQuery(query), placeholderData: keepPreviousData });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const entries = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const total = data?.pages[0]?.total;
  const [cursor, setCursor] = useState(0);
  const opened = entries.findIndex((entry) => entry.id === id);
  const current = Math.min(opened === -1 ? cursor : opened, Math.max(0, entries.length - 1));
  useEscape(id === null ? back : close);
  const onMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const onOpen = useCallback(
    (index: number) => {
      setCursor(index);
      open(entries[index]?.id ?? null);
    },
    [entries],
  );
  // What is opened follows the cursor; while nothing is, only the cursor moves.
  const onMove = (index: number) => (id === null ? setCursor(index) : onOpen(index));
  const filtered = query !== everyChange;
  const { data: unsettled } = useQuery(unsettledQuery);
  return (
    <>
      <Toolbar crumbs={["Journal"]} search={false}>
        <span className={classes.about}>Written before the first step of every change</span>
        <ExportButtons query={query} disabled={total === undefined || total === 0} />
      </Toolbar>
      <main className={classes.page} data-opened={id === null ? undefined : true}>
        <JournalTools
          query={query}
          connections={connections}
          count={total === undefined ? "" : countOf(total, filtered ? 0 : (unsettled?.interruptedTotal ?? 0))}
          onQuery={(next) => {
            setCursor(0);
            close();
            setQuery(isEverything(next) ? everyChange : next);
          }}
        />
        <div className={classes.two}>
          <div className={classes.list} data-pane>
            <InterruptedBanner inJournal />
            {error ? (
              <ProblemStrip banner problem={toProblem(error)} action={{ label: "Try again", run: () => void pages.refetch() }} />
            ) : total === 0 ? (
              <Empty filtered={filtered} onClear={() => setQuery(everyChange)} />
            ) : (
              <JournalGrid
                entries={entries}
                total={total ?? 0}
                connections={connections}
                channels={settings.channels}
                cursor={current}
                openedId={id}
                busy={data === undefined || isFetchingNextPage}
                onMove={onMove}
                onOpen={onOpen}
                onEscape={id === null ? back : close}
                onMore={onMore}
              />
            )}
          </div>
          {id === null ? null : (
            <JournalDetailPane key={id} id={id} connections={connections} channels={settings.channels} onClose={close} />
          )}
        </div>
      </main>
      <JournalStatus />
    </>
  );
}

function isEverything(query: JournalQuery): boolean {
  return Object.values(query).every((value) => value === null);
}

function countOf(total: number, interrupted: number): string {
  return interrupted === 0 ? counted(total, "change") : `${counted(total, "change")}, ${formatCount(interrupted)} interrupted`;
}

/** What the journal holds as a whole, whatever the filters show. */
function JournalStatus() {
  const { bytes } = useFormat();
  const { data: size } = useQuery(journalSizeQuery);
  return (
    <StatusLine>
      {size === undefined || size.since === null ? null : (
        <>
          <span>
            {counted(size.changes, "change")} since {formatDay(size.since)}
          </span>
          <span>Raw manifests of all of them are kept, {bytes(size.manifestBytes)}</span>
        </>
      )}
      <span className={classes.grow} />
      <span>Times: {Intl.DateTimeFormat().resolvedOptions().timeZone}</span>
    </StatusLine>
  );
}

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState icon={IconHistory} title="No change matches" actions={<Button onClick={onClear}>Clear the filters</Button>}>
        The journal holds other changes.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconHistory} title="Nothing was changed yet">
      Every promotion, clean-up, deletion and copy will stand here, step by step.
    </EmptyState>
  );
}
