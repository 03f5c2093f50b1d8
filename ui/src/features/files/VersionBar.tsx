/** The bar of the version's page: name, tags, digest, tabs, platform, close. */
import { Select, Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { VersionDetail } from "../../ipc";
import { formatCount } from "../../shared/format";
import { IconButton } from "../../shared/IconButton";
import text from "../../shared/text.module.css";
import { PromoteButton } from "../changes/promote/PromoteButton";
import { CompareButton } from "../compare/CompareButton";
import { CopyDigest } from "../detail/CopyDigest";
import type { VersionAddress } from "../detail/detailQueries";
import { type DetailTab, detailTab, detailTabs, tabLabels } from "../detail/detailTabs";
import { SignedMark } from "../detail/SignedMark";
import { TagList } from "../detail/TagList";
import { versionName } from "../detail/versionName";
import { filesQuery } from "./filesQueries";
import classes from "./VersionPage.module.css";

interface VersionBarProps {
  address: VersionAddress;
  detail: VersionDetail | undefined;
  tab: DetailTab;
  platform: string | null;
  onTab: (tab: DetailTab) => void;
  onPlatform: (platform: string) => void;
  onClose: () => void;
}

const ignoreProgress = () => undefined;

export function VersionBar({ address, detail, tab, platform, onTab, onPlatform, onClose }: VersionBarProps) {
  // Only looked up: the number stands on the tab once the files were read.
  const files = useQuery({ ...filesQuery(address, platform, ignoreProgress), enabled: false }).data?.files;
  const roomy = useMediaQuery("(min-width: 1120px)", true, { getInitialValueInEffect: false });
  const counts: Partial<Record<DetailTab, number | undefined>> = { files, referrers: detail?.referrers.length || undefined };
  return (
    <header className={classes.bar}>
      <h1 className={`${text.title} ${text.cut}`} title={versionName(detail, address.digest)}>
        {versionName(detail, address.digest)}
      </h1>
      {detail ? <TagList tags={detail.tags} limit={roomy ? 4 : 1} at={address} /> : null}
      {roomy ? <CopyDigest digest={address.digest} short /> : null}
      {roomy && detail?.signed ? <SignedMark /> : null}
      <Tabs
        value={tab}
        onChange={(name) => onTab(detailTab(name ?? ""))}
        classNames={{ root: classes.tabs, list: classes.tabList, tab: classes.tab }}
      >
        <Tabs.List aria-label="Parts of the version">
          {detailTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {tabLabels[name]}
              {counts[name] === undefined ? null : <span className={classes.count}>{formatCount(counts[name])}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <span className={text.grow} />
      {detail && detail.platforms.length > 0 ? (
        <Select
          aria-label="Platform"
          className={classes.platform}
          data={[...new Set(detail.platforms.map((candidate) => candidate.platform))]}
          value={platform}
          onChange={(next) => {
            if (next !== null) onPlatform(next);
          }}
        />
      ) : null}
      <CompareButton small address={address} />
      <PromoteButton small address={address} />
      <IconButton small icon={IconX} label="Back to the list" hotkey="Esc" onClick={onClose} />
    </header>
  );
}
