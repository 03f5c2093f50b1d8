/** One repository: its versions, and beside them the detail of one or the sums of several. */
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useChannelKey } from "../features/changes/channels/useChannelKey";
import { usePromoteKeys } from "../features/changes/promote/usePromotion";
import { cancelLastChange, isChanging } from "../features/changes/running/changes";
import { ChartStrip } from "../features/chart/ChartStrip";
import { openPalette } from "../features/palette/paletteStore";
import { usePullKeys } from "../features/pull/usePullKeys";
import { cancelSync, isSyncing } from "../features/sync/activity";
import { SyncLine } from "../features/sync/SyncLine";
import { useOpenedRefresh } from "../features/sync/useOpenedRefresh";
import { Banners } from "../features/versions/Banners";
import { BulkBar } from "../features/versions/BulkBar";
import { useFollow } from "../features/versions/useFollow";
import { useSelection } from "../features/versions/useSelection";
import { useVersionsView } from "../features/versions/useVersionsView";
import { VersionMenu } from "../features/versions/VersionMenu";
import { VersionsEmpty } from "../features/versions/VersionsEmpty";
import { VersionsGrid } from "../features/versions/VersionsGrid";
import { VersionsTools } from "../features/versions/VersionsTools";
import { initialView, isFiltered } from "../features/versions/viewState";
import type { ConnectionInfo, Settings } from "../ipc";
import { useAction } from "../shared/keys";
import { focusLayer } from "../shared/layers";
import { Beside, onlyVersion, shownDigests } from "./Beside";
import { DetailSplit } from "./DetailSplit";
import { goCopy } from "./goCopy";
import { useDetailPane } from "./layout";
import { go, replace } from "./navigation";
import classes from "./RepositoryView.module.css";
import { statusNotes } from "./statusNotes";
import { useComparing } from "./useComparing";
import { useDeletion } from "./useDeletion";

interface RepositoryViewProps {
  connection: ConnectionInfo;
  repository: string;
  digest: string | null;
  settings: Settings;
  onEdit: (connection: ConnectionInfo) => void;
  onNotes: (notes: readonly string[]) => void;
}

export function RepositoryView({ connection, repository, digest, settings, onEdit, onNotes }: RepositoryViewProps) {
  const connectionId = connection.id;
  const { view, change, query, rows, columns, metricNames } = useVersionsView(connectionId, repository);
  const { summary } = rows;
  useOpenedRefresh(connection, repository, rows.neverRead ? null : summary?.syncedAt, settings.refreshMinutes);
  const grid = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const layout = useDetailPane();
  const { setOpen } = layout;

  const show = useCallback(
    (next: string | null) => replace({ page: "browse", connectionId, repository, digest: next }),
    [connectionId, repository],
  );
  const openPage = useCallback(
    (opened: string, tab = "overview") => go({ page: "version", connectionId, repository, digest: opened, tab }),
    [connectionId, repository],
  );
  const openDetail = useRef(setOpen);
  useEffect(() => {
    openDetail.current = setOpen;
  });
  useAction("detail", () => setOpen(!layout.open));
  const pick = useCallback(
    (picked: string) => {
      openDetail.current(true);
      show(picked);
    },
    [show],
  );
  const chosen = useSelection({ rows, onCursor: show, onPick: pick });
  const { selection, clear } = chosen;
  const reveal = useFollow(rows, digest, chosen.cursor, chosen.setCursor);
  const digests = useMemo(() => [...selection.digests], [selection]);
  const firstDigest = rows.rowAt(0)?.digest;
  useEffect(() => {
    if (digest === null && firstDigest) show(firstDigest);
  }, [digest, firstDigest, show]);
  useEffect(() => grid.current?.focus({ preventScroll: true }), []);
  const sizeCounts = rows.rowAt(chosen.cursor)?.sizeCounts ?? rows.rowAt(0)?.sizeCounts;
  const platform = view.platform ?? null;
  useEffect(() => onNotes(statusNotes(digests.length, sizeCounts, platform)), [onNotes, digests.length, sizeCounts, platform]);
  // Somebody who holds an arrow key passes many versions: the detail waits until he stays.
  const [shownDigest] = useDebouncedValue(digest, 60);

  const focusGrid = () => grid.current?.focus();
  const escapeKey = () =>
    isChanging()
      ? cancelLastChange()
      : digests.length > 0
        ? clear()
        : isFiltered(view.filter)
          ? change((before) => ({ ...before, filter: initialView.filter }))
          : isSyncing()
            ? cancelSync()
            : setOpen(false);
  const current = rows.rowAt(chosen.cursor);
  // What the keys copy is where the cursor stands, not what the detail has come to.
  const keyed = shownDigests(digests, digest, summary);
  usePullKeys(keyed.map((one) => ({ connectionId, repository, digest: one, platform })));
  const grab = useComparing({ connectionId, repository }, keyed, digests, rows);
  const one = onlyVersion(connectionId, repository, keyed);
  usePromoteKeys(one);
  useChannelKey(one);
  useAction("copyTo", () => one !== null && goCopy(one), one !== null);
  const { menu, setMenu } = useDeletion(connectionId, repository, digests, current);
  const openMenu = (index: number, x: number, y: number) => {
    const row = rows.rowAt(index);
    if (row === undefined) return;
    const among = row.digest !== null && selection.digests.has(row.digest);
    if (!among) chosen.press({ index, digest: row.digest, toggle: false, range: false });
    focusLayer(null);
    setMenu({ x, y, digest: row.digest });
  };
  const unread = current?.digest === null && digests.length === 0 ? current : null;
  const shown = shownDigests(digests, shownDigest, summary);
  const pane =
    shown.length === 0 && unread === null ? null : (
      <Beside
        connectionId={connectionId}
        repository={repository}
        digests={shown}
        unread={unread}
        platform={platform}
        onOpenPage={openPage}
        onClear={clear}
        onClose={() => setOpen(false)}
      />
    );

  return (
    <DetailSplit pane={pane} layout={layout}>
      <main className={classes.centre} data-pane>
        <SyncLine connectionId={connectionId} />
        <VersionsTools
          view={view}
          change={change}
          summary={summary}
          columns={columns}
          field={field}
          onLeave={focusGrid}
          onSearchEverywhere={openPalette}
        />
        <Banners
          connection={connection}
          repository={repository}
          summary={summary}
          problem={rows.problem}
          onEdit={onEdit}
          onRetry={rows.retry}
        />
        {view.chart && (summary?.totalVersions ?? 0) >= 3 ? (
          <ChartStrip
            query={query}
            metricNames={metricNames}
            preferred={view.metrics?.[0]}
            axis={view.axis}
            onAxis={(axis) => change((before) => ({ ...before, axis }))}
            selected={digests.length > 0 ? selection.digests : new Set(digest === null ? [] : [digest])}
            onClose={() => change((before) => ({ ...before, chart: false }))}
          />
        ) : null}
        {rows.neverRead || (summary?.total === 0 && !rows.stale) ? (
          <div className={classes.empty}>
            <VersionsEmpty
              connection={connection}
              repository={repository}
              summary={summary}
              view={view}
              change={change}
              channels={settings.channels}
              onSearchEverywhere={openPalette}
            />
          </div>
        ) : rows.problem === null ? (
          <VersionsGrid
            grid={grid}
            label={`Versions of ${repository}`}
            rows={rows}
            columns={columns.visible}
            metrics={query.metrics}
            sorted={columns.sorted}
            selection={selection}
            cursor={chosen.cursor}
            reveal={reveal}
            shownDigest={unread === null ? digest : null}
            onMove={chosen.move}
            onPress={chosen.press}
            onToggle={chosen.toggle}
            onOpen={openPage}
            onMenu={openMenu}
            onGrab={grab}
            onEscape={escapeKey}
            onSort={columns.sortBy}
            onResize={columns.resize}
            onSelectAll={chosen.selectAll}
          />
        ) : null}
        <VersionMenu
          place={menu}
          at={{ connectionId, repository }}
          count={digests.length}
          onClose={() => setMenu(null)}
          onOpen={openPage}
        />
        {digests.length > 0 ? <BulkBar count={digests.length} one={one} onClear={clear} /> : null}
      </main>
    </DetailSplit>
  );
}
