/** The pane at the right of a version's page: its layers, platforms and tag moves, and the command that pulls it. */
import type { VersionDetail } from "../../ipc";
import type { VersionAddress } from "../detail/detailQueries";
import { LayersSection } from "../detail/LayersSection";
import { MovesSection } from "../detail/MovesSection";
import { PlatformsSection } from "../detail/PlatformsSection";
import { PullBox } from "../pull/PullBox";
import classes from "./VersionPage.module.css";

interface VersionSideProps {
  address: VersionAddress;
  detail: VersionDetail;
  onPlatform: (platform: string) => void;
}

export function VersionSide({ address, detail, onPlatform }: VersionSideProps) {
  return (
    <aside className={classes.side} aria-label="Layers and pull command">
      <div className={classes.sideScroll}>
        <LayersSection detail={detail} />
        <PlatformsSection detail={detail} onPlatform={onPlatform} />
        <MovesSection detail={detail} />
      </div>
      <PullBox address={address} detail={detail} />
    </aside>
  );
}
