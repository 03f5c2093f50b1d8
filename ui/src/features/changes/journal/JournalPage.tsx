/** The journal as a page: every change by day, newest first, and beside them the one that is opened. */
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { back, replace } from "../../../app/navigation";
import { Toolbar } from "../../../app/Toolbar";
import { type ConnectionInfo, type JournalQuery, type Settings, toProblem } from "../../../ipc";
import { journalPagesQuery } from "../../../ipc/queries/changes";
import { EmptyState } from "../../../shared/EmptyState";
import { counted, formatDay } from "../../../shared/format";
import { useEscape } from "../../../shared/keys";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import { StatusLine } from "../../sync/StatusBar";
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

const everything: JournalQuery = { connectionId: null, repository: null, kind: null };
const open = (id: string | null) => replace({ page: "journal", id });
const close = () => open(null);

export function JournalPage({ connections, settings, id }: JournalPageProps) {
  const [query, setQuery] = useState(everything);
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
  const filtered = query !== everything;
  const oldest = entries.at(-1);
  return (
    <>
      <Toolbar crumbs={["Journal"]} search={false}>
        <span className={classes.about}>Written before the first step of every change</span>
      </Toolbar>
      <main className={classes.page} data-opened={id === null ? undefined : true}>
        <JournalTools
          query={query}
          connections={connections}
          total={total}
          onQuery={(next) => {
            setCursor(0);
            close();
            setQuery(isEverything(next) ? everything : next);
          }}
        />
        <div className={classes.two}>
          <div className={classes.list} data-pane>
            <InterruptedBanner inJournal />
            {error ? (
              <ProblemStrip banner problem={toProblem(error)} action={{ label: "Try again", run: () => void pages.refetch() }} />
            ) : total === 0 ? (
              <Empty filtered={filtered} onClear={() => setQuery(everything)} />
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
      <StatusLine>
        <span>
          {total === undefined || total === 0
            ? ""
            : oldest && entries.length === total
              ? `${counted(total, "change")} since ${formatDay(oldest.started)}`
              : counted(total, "change")}
        </span>
        {total ? <span>Raw manifests of all of them are kept</span> : null}
        <span className={classes.grow} />
        <span>Times: {Intl.DateTimeFormat().resolvedOptions().timeZone}</span>
      </StatusLine>
    </>
  );
}

function isEverything({ connectionId, repository, kind }: JournalQuery): boolean {
  return connectionId === null && repository === null && kind === null;
}

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState icon={IconHistory} title="No change matches" actions={<Button onClick={onClear}>Clear the filters</Button>}>
        The journal holds changes of other connections, repositories or kinds.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconHistory} title="Nothing was changed yet">
      Every promotion, clean-up, deletion and copy will stand here, step by step.
    </EmptyState>
  );
}
