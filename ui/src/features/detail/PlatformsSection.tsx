/** The platforms of a version; choosing one shows its layers, history and config. */
import type { VersionDetail } from "../../ipc";
import { formatFull, shortDigest, useFormat } from "../../shared/format";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";
import { RowList } from "./RowList";
import { Section } from "./Section";

interface PlatformsSectionProps {
  detail: VersionDetail;
  /** The platform that was asked for; null: none in particular. */
  wanted?: string | null;
  onPlatform: (platform: string) => void;
}

export function PlatformsSection({ detail, wanted = null, onPlatform }: PlatformsSectionProps) {
  const { bytes } = useFormat();
  const { platforms } = detail;
  if (platforms.length === 0) return null;
  const instead = wanted !== null && platforms.length > 1 && !platforms.some(({ platform }) => platform === wanted);
  return (
    <Section title="Platforms" note={instead ? `none is ${wanted}` : undefined}>
      <RowList
        label="Platforms"
        items={platforms}
        keyOf={(platform) => `${platform.platform} ${platform.digest}`}
        selected={(platform) => platform.platform === detail.platform}
        titleOf={(platform) => (platform.created === null ? undefined : `Created ${formatFull(platform.created)}`)}
        onAct={(platform) => onPlatform(platform.platform)}
      >
        {(platform) => (
          <>
            <span className={`${classes.platform} ${text.cut} ${platform.platform === detail.platform ? text.strong : ""}`}>
              {platform.platform}
            </span>
            <span className={`${text.mono} ${text.dim} ${text.grow}`}>{shortDigest(platform.digest)}</span>
            <span className={`${text.number} ${text.middle}`}>{bytes(platform.sizeBytes)}</span>
          </>
        )}
      </RowList>
    </Section>
  );
}
