/** One version as a page: a bar of 40, its tabs over the whole width, a pane at the right. Esc goes back to the list. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import * as ipc from "../../ipc";
import { useEscape } from "../../shared/keys";
import { focusLayer } from "../../shared/layers";
import { ProblemStrip } from "../../shared/ProblemStrip";
import { useChannelKey } from "../changes/channels/useChannelKey";
import { usePromoteKeys } from "../changes/promote/usePromotion";
import { useCompareKeys } from "../compare/useCompareKeys";
import { type VersionAddress, versionDetailQuery } from "../detail/detailQueries";
import { type DetailTab, detailTab } from "../detail/detailTabs";
import { useTabKeys } from "../detail/useTabKeys";
import { usePullKeys } from "../pull/usePullKeys";
import { FilesTab } from "./FilesTab";
import { VersionBar } from "./VersionBar";
import { VersionContent } from "./VersionContent";
import classes from "./VersionPage.module.css";

export interface VersionPageProps extends VersionAddress {
  /** One of the tabs; anything else is the overview. */
  tab: string;
  onClose: () => void;
  /** Told of another tab, so that the address can follow. */
  onTab?: (tab: string) => void;
  /** What the sizes on this page count, for the status bar. */
  onNote?: (note: string) => void;
}

export function VersionPage({ connectionId, repository, digest, tab: given, onClose, onTab, onNote }: VersionPageProps) {
  const address: VersionAddress = { connectionId, repository, digest };
  const [tab, setTab] = useTab(given, onTab);
  const [platform, setPlatform] = useState<string | null>(null);
  const query = useQuery(versionDetailQuery(address, platform));
  useTabKeys(setTab);
  useEscape(onClose);
  usePullKeys([{ ...address, platform }]);
  usePromoteKeys(address);
  useChannelKey(address);
  useCompareKeys([address]);
  const detail = query.data;
  const shownPlatform = platform ?? detail?.platform ?? null;
  useEffect(() => {
    onNote?.(`Sizes: ${tab === "files" ? "uncompressed" : "compressed"}${shownPlatform === null ? "" : `, ${shownPlatform}`}`);
  }, [onNote, tab, shownPlatform]);
  // Who came by the keyboard goes on from the tabs.
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    page.current?.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus({ preventScroll: true });
    // What was under the pointer in the list is gone.
    focusLayer(null);
  }, []);
  // A tab chosen by its number takes the focus along, if a tab had it.
  useEffect(() => {
    const active = page.current?.querySelector<HTMLElement>(`[role=tab][aria-selected=true]`);
    if (document.activeElement?.getAttribute("role") === "tab" && tab !== null) active?.focus({ preventScroll: true });
  }, [tab]);
  return (
    <section ref={page} className={classes.page} aria-label="Version" data-list>
      <VersionBar
        address={address}
        detail={detail}
        tab={tab}
        platform={shownPlatform}
        onTab={setTab}
        onPlatform={setPlatform}
        onClose={onClose}
      />
      <div className={classes.body}>
        {query.error ? (
          <ProblemStrip problem={ipc.toProblem(query.error)} action={{ label: "Try again", run: () => void query.refetch() }} />
        ) : detail === undefined ? (
          <Skeleton height={8} width={240} m={16} />
        ) : tab === "files" ? (
          <FilesTab
            key={`${digest} ${shownPlatform}`}
            address={address}
            detail={detail}
            platform={shownPlatform}
            onPlatform={setPlatform}
          />
        ) : (
          <VersionContent tab={tab} address={address} detail={detail} onPlatform={setPlatform} />
        )}
      </div>
    </section>
  );
}

/** The tab of the address, or the one chosen since. */
function useTab(given: string, onTab: ((tab: string) => void) | undefined): [DetailTab, (tab: DetailTab) => void] {
  const [chosen, setChosen] = useState<{ given: string; tab: DetailTab } | null>(null);
  const tab = chosen?.given === given ? chosen.tab : detailTab(given);
  const choose = useCallback(
    (next: DetailTab) => {
      setChosen({ given, tab: next });
      onTab?.(next);
    },
    [given, onTab],
  );
  return [tab, choose];
}
