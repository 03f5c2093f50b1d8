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
  onPlatform: (platform: string) => void;
}

export function Overview({ address, detail, onPlatform }: OverviewProps) {
  return (
    <>
      <ProblemNotes problems={detail.problems} />
      <CardSection detail={detail} repository={address.repository} />
      <LayersSection detail={detail} />
      <PlatformsSection detail={detail} onPlatform={onPlatform} />
      <DocumentsSection address={address} detail={detail} />
      <MovesSection detail={detail} />
      <PairsSection title="Labels" pairs={detail.labels} />
      <PairsSection title="Annotations" pairs={detail.annotations} />
    </>
  );
}
