/** The platforms of a version; choosing one shows its layers, history and config. */
import type { VersionDetail } from "../../ipc";
import { formatFull, useFormat } from "../../shared/format";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";
import { RowList } from "./RowList";
import { Section } from "./Section";

interface PlatformsSectionProps {
  detail: VersionDetail;
  onPlatform: (platform: string) => void;
}

export function PlatformsSection({ detail, onPlatform }: PlatformsSectionProps) {
  const { bytes } = useFormat();
  const { platforms } = detail;
  if (platforms.length === 0) return null;
  return (
    <Section title="Platforms">
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
            <span className={`${text.mono} ${text.dim} ${text.grow}`}>{platform.digest.replace(/^[^:]*:/, "").slice(0, 8)}</span>
            <span className={`${text.number} ${text.middle}`}>{bytes(platform.sizeBytes)}</span>
          </>
        )}
      </RowList>
    </Section>
  );
}
