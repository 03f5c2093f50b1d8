/** The right pane of the browser: one version with its tabs, and the command that pulls it. */
import { Button, Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { formatCount } from "../../shared/format";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { FilesTeaser } from "../files/FilesTeaser";
import { PullBox } from "../pull/PullBox";
import { ConfigTab } from "./ConfigTab";
import { DetailHeader } from "./DetailHeader";
import { type VersionAddress, versionDetailQuery } from "./detailQueries";
import { type DetailTab, detailTab, detailTabs, tabLabels } from "./detailTabs";
import { HistoryTab } from "./HistoryTab";
import { ManifestTab } from "./ManifestTab";
import { Overview } from "./Overview";
import { ReferrersTab } from "./ReferrersTab";
import { useTabKeys } from "./useTabKeys";
import classes from "./VersionDetailPane.module.css";

interface VersionDetailPaneProps extends VersionAddress {
  /** The platform that the table shows; null: the version's own first. */
  platform: string | null;
  onOpenPage: (tab?: string) => void;
  onClose: () => void;
}

export function VersionDetailPane({ platform, onOpenPage, onClose, connectionId, repository, digest }: VersionDetailPaneProps) {
  const address: VersionAddress = { connectionId, repository, digest };
  // A platform chosen in the pane holds for this version only.
  const [chosen, setChosen] = useState<{ digest: string; platform: string } | null>(null);
  const wanted = chosen?.digest === digest ? chosen.platform : platform;
  const query = useQuery(versionDetailQuery(address, wanted));
  const [tab, setTab] = useState<DetailTab>("overview");
  useTabKeys(setTab);
  const detail = query.data;
  return (
    <aside className={classes.pane} aria-label="Version">
      <DetailHeader detail={detail} address={address} onOpenPage={() => onOpenPage(tab)} onClose={onClose} />
      <Tabs
        value={tab}
        onChange={(name) => setTab(detailTab(name ?? ""))}
        keepMounted={false}
        classNames={{ root: classes.tabs, list: classes.tabList, tab: classes.tab, panel: classes.panel }}
      >
        <Tabs.List aria-label="Parts of the version">
          {detailTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {tabLabels[name]}
              {name === "referrers" && detail && detail.referrers.length > 0 ? (
                <span className={classes.count}> {formatCount(detail.referrers.length)}</span>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} key={`${digest} ${tab}`}>
          {query.error ? (
            <ProblemStrip problem={ipc.toProblem(query.error)} action={{ label: "Try again", run: () => void query.refetch() }} />
          ) : detail === undefined ? (
            <Unknown />
          ) : (
            <TabContent
              tab={tab}
              address={address}
              detail={detail}
              platform={wanted}
              onPlatform={(next) => setChosen({ digest, platform: next })}
              onOpenPage={onOpenPage}
            />
          )}
        </Tabs.Panel>
      </Tabs>
      {detail ? <PullBox key={digest} address={address} detail={detail} /> : null}
    </aside>
  );
}

interface TabContentProps {
  tab: DetailTab;
  address: VersionAddress;
  detail: VersionDetail;
  platform: string | null;
  onPlatform: (platform: string) => void;
  onOpenPage: (tab?: string) => void;
}

function TabContent({ tab, address, detail, platform, onPlatform, onOpenPage }: TabContentProps) {
  switch (tab) {
    case "overview":
      return <Overview address={address} detail={detail} platform={platform} onPlatform={onPlatform} />;
    case "files":
      return (
        <FilesTeaser
          address={address}
          detail={detail}
          platform={detail.platform}
          action={<Button onClick={() => onOpenPage("files")}>Open the files</Button>}
        />
      );
    case "history":
      return <HistoryTab detail={detail} />;
    case "config":
      return <ConfigTab detail={detail} />;
    case "referrers":
      return <ReferrersTab address={address} detail={detail} />;
    case "json":
      return <ManifestTab address={address} />;
  }
}

/** Where nothing is known yet. */
function Unknown() {
  return (
    <div className={text.section} aria-busy="true">
      {["70%", "55%", "62%", "40%", "66%"].map((width) => (
        <Skeleton key={width} height={8} width={width} my={7} />
      ))}
    </div>
  );
}
