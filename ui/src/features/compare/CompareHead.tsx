/** The head of each column: which version it is, and how it leaves the comparison. */
import { IconX } from "@tabler/icons-react";
import { go } from "../../app/navigation";
import { letterOf } from "../../app/navigation/compareRoute";
import type { ComparedVersion } from "../../ipc";
import { Choice } from "../../shared/Choice";
import { formatDay, formatFull, unknown } from "../../shared/format";
import { IconButton } from "../../shared/IconButton";
import text from "../../shared/text.module.css";
import { CopyDigest } from "../detail/CopyDigest";
import { TagList } from "../detail/TagList";
import classes from "./CompareGrid.module.css";

export interface HeadLines {
  /** The columns are of several repositories: each says of which. */
  place: boolean;
  /** Each column says of which platform it is. */
  platform: boolean;
}

export function headHeight({ place, platform }: HeadLines): number {
  return 52 + (place ? 16 : 0) + (platform ? 26 : 0);
}

interface CompareHeadProps {
  versions: readonly ComparedVersion[];
  lines: HeadLines;
  onTakeOut: (place: number) => void;
  onPlatform: (place: number, platform: string) => void;
}

export function CompareHead({ versions, lines, onTakeOut, onPlatform }: CompareHeadProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    <div role="row" aria-rowindex={1} className={classes.head} style={{ height: headHeight(lines) }}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div role="columnheader" className={`${classes.label} ${classes.corner}`}>
        <span className={text.hidden}>What is compared</span>
      </div>
      {versions.map((version, place) => (
        <VersionHead
          key={place}
          version={version}
          place={place}
          lines={lines}
          tags={versions.length > 4 ? 1 : 2}
          onTakeOut={() => onTakeOut(place)}
          onPlatform={(platform) => onPlatform(place, platform)}
        />
      ))}
    </div>
  );
}

interface VersionHeadProps {
  version: ComparedVersion;
  place: number;
  lines: HeadLines;
  /** Chips that are shown beside its name. */
  tags: number;
  onTakeOut: () => void;
  onPlatform: (platform: string) => void;
}

function VersionHead({ version, place, lines, tags, onTakeOut, onPlatform }: VersionHeadProps) {
  const { connectionId, repository, digest, name } = version;
  const letter = letterOf(place);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
    // biome-ignore lint/a11y/useFocusableInteractive: the grid is the one tab stop
    <div role="columnheader" aria-label={`${letter}: ${version.reference}`} className={classes.version}>
      <span className={classes.letter}>{letter}</span>
      <div className={text.grow}>
        <div className={classes.name}>
          <button
            type="button"
            className={`${text.title} ${text.cut}`}
            title={`${version.reference}\nOpens it as a page`}
            onClick={() => go({ page: "version", connectionId, repository, digest, tab: "overview" })}
          >
            {name}
          </button>
          <TagList tags={version.tags} limit={tags} />
        </div>
        <div className={classes.facts}>
          <CopyDigest digest={digest} short />
          <span title={version.created === null ? "It does not tell when it was made" : formatFull(version.created)}>
            , {version.created === null ? unknown : formatDay(version.created)}
          </span>
          {version.signed ? (
            <>
              {", "}
              <span className={text.ok} title="A signature points at this version; it was not verified">
                signed
              </span>
            </>
          ) : null}
        </div>
        {lines.place ? (
          <div className={`${classes.place} ${text.cut}`} title={`${version.connectionName}/${repository}`}>
            {version.connectionName}/{repository}
          </div>
        ) : null}
        {lines.platform ? <PlatformOf version={version} letter={letter} onPlatform={onPlatform} /> : null}
      </div>
      <IconButton small icon={IconX} label={`Take ${letter} out`} onClick={onTakeOut} />
    </div>
  );
}

function PlatformOf({ version, letter, onPlatform }: { version: ComparedVersion; letter: string; onPlatform: (platform: string) => void }) {
  const { platform, platforms } = version;
  if (platform === null) return <span className={classes.place}>its platform is not known</span>;
  if (platforms.length < 2) return <span className={classes.place}>{platform === "any" ? "any platform" : platform}</span>;
  const options = [...new Set(platforms)].map((value) => ({ value, label: value }));
  return <Choice name={`Platform of ${letter}`} value={platform} options={options} onChange={onPlatform} />;
}
