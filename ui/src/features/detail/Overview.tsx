/** The overview of a version in the pane: card, layers, platforms, documents, labels, moves. */
import type { VersionDetail } from "../../ipc";
import { CardSection } from "./CardSection";
import { DocumentsSection } from "./DocumentsSection";
import type { VersionAddress } from "./detailQueries";
import { LayersSection } from "./LayersSection";
import { MovesSection } from "./MovesSection";
import { PairsSection } from "./PairsSection";
import { PlatformsSection } from "./PlatformsSection";
import { ProblemNotes } from "./ProblemNotes";

interface OverviewProps {
  address: VersionAddress;
  detail: VersionDetail;
  /** The platform that was asked for; null: none in particular. */
  platform: string | null;
  onPlatform: (platform: string) => void;
}

export function Overview({ address, detail, platform, onPlatform }: OverviewProps) {
  return (
    <>
      <ProblemNotes problems={detail.problems} />
      <CardSection detail={detail} repository={address.repository} />
      <LayersSection detail={detail} />
      <PlatformsSection detail={detail} wanted={platform} onPlatform={onPlatform} />
      <DocumentsSection address={address} detail={detail} />
      <MovesSection detail={detail} />
      <PairsSection title="Labels" pairs={detail.labels} />
      <PairsSection title="Annotations" pairs={detail.annotations} />
    </>
  );
}
