/** A tab of the version's page other than the files: its content at the left, layers, platforms and the pull command at the right. */
import type { VersionDetail } from "../../ipc";
import text from "../../shared/text.module.css";
import { CardSection } from "../detail/CardSection";
import { ConfigTab } from "../detail/ConfigTab";
import { DocumentsSection } from "../detail/DocumentsSection";
import type { VersionAddress } from "../detail/detailQueries";
import { type DetailTab, tabLabels } from "../detail/detailTabs";
import { HistoryTab } from "../detail/HistoryTab";
import { ManifestTab } from "../detail/ManifestTab";
import { PairsSection } from "../detail/PairsSection";
import { ProblemNotes } from "../detail/ProblemNotes";
import { ReferrersTab } from "../detail/ReferrersTab";
import { DocumentView } from "../documents/DocumentView";
import { VersionColumns } from "./VersionColumns";
import classes from "./VersionPage.module.css";

interface VersionContentProps {
  tab: Exclude<DetailTab, "files">;
  address: VersionAddress;
  detail: VersionDetail;
  onPlatform: (platform: string) => void;
}

export function VersionContent({ tab, address, detail, onPlatform }: VersionContentProps) {
  return (
    <VersionColumns address={address} detail={detail} onPlatform={onPlatform}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className={classes.content} key={tab} role="tabpanel" aria-label={tabLabels[tab]} tabIndex={0}>
        <TabContent tab={tab} address={address} detail={detail} />
      </div>
    </VersionColumns>
  );
}

function TabContent({ tab, address, detail }: Omit<VersionContentProps, "onPlatform">) {
  switch (tab) {
    case "overview":
      return <Overview address={address} detail={detail} />;
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

/** With the room of a page the README stands there at once. */
function Overview({ address, detail }: { address: VersionAddress; detail: VersionDetail }) {
  const readme = detail.documents.find((entry) => /(^|\/)(readme|model_?card)/i.test(entry.title));
  return (
    <>
      <ProblemNotes problems={detail.problems} />
      <CardSection detail={detail} repository={address.repository} />
      <DocumentsSection address={address} detail={detail} />
      {readme ? (
        <section className={text.section} aria-label={readme.title}>
          <h2 className={text.sectionHead}>{readme.title}</h2>
          <DocumentView address={address} layerDigest={readme.digest} />
        </section>
      ) : null}
      <PairsSection title="Labels" pairs={detail.labels} shownFirst={40} />
      <PairsSection title="Annotations" pairs={detail.annotations} shownFirst={40} />
    </>
  );
}
