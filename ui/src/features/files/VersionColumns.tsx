/** Content of a version's page beside its layers, platforms and tag moves, and the command that pulls it. */
import type { ReactNode } from "react";
import type { VersionDetail } from "../../ipc";
import type { VersionAddress } from "../detail/detailQueries";
import { LayersSection } from "../detail/LayersSection";
import { MovesSection } from "../detail/MovesSection";
import { PlatformsSection } from "../detail/PlatformsSection";
import { PullBox } from "../pull/PullBox";
import { PageColumns } from "./PageColumns";

interface VersionColumnsProps {
  address: VersionAddress;
  detail: VersionDetail;
  onPlatform: (platform: string) => void;
  children: ReactNode;
}

export function VersionColumns({ address, detail, onPlatform, children }: VersionColumnsProps) {
  const side = (
    <>
      <LayersSection detail={detail} />
      <PlatformsSection detail={detail} onPlatform={onPlatform} />
      <MovesSection detail={detail} />
    </>
  );
  return (
    <PageColumns label="Layers and pull command" side={side} foot={<PullBox address={address} detail={detail} />}>
      {children}
    </PageColumns>
  );
}
