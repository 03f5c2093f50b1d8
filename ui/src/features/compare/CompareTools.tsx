/** The bar above a comparison: its sections, which version the others are held against, platform, and whether only differences show. */
import { Kbd, SegmentedControl, Switch } from "@mantine/core";
import { letterOf } from "../../app/navigation/compareRoute";
import type { Comparison } from "../../ipc";
import { Choice } from "../../shared/Choice";
import { formatCount } from "../../shared/format";
import { useKeyName } from "../../shared/keys";
import text from "../../shared/text.module.css";
import classes from "./ComparePage.module.css";
import { onePlatform } from "./cells";
import type { Section, SectionId } from "./sections";

interface CompareToolsProps {
  comparison: Comparison;
  sections: readonly Section[];
  /** The section at the top. */
  current: SectionId | null;
  onlyDifferences: boolean;
  onSection: (section: SectionId) => void;
  onReference: (place: number) => void;
  onPlatform: (platform: string) => void;
  onOnlyDifferences: (only: boolean) => void;
}

export function CompareTools(props: CompareToolsProps) {
  const { comparison, sections, current, onlyDifferences, onSection, onReference } = props;
  const letters = comparison.versions.map((_, place) => letterOf(place));
  const key = useKeyName("onlyDifferences");
  return (
    <div className={classes.tools}>
      <nav aria-label="Sections" className={classes.sections}>
        {sections.map((section) => (
          <button
            key={section.id}
            type="button"
            aria-current={section.id === current ? "true" : undefined}
            className={classes.anchor}
            onClick={() => onSection(section.id)}
          >
            {section.title}{" "}
            {section.instead === undefined ? (
              <span title={`${formatCount(section.differing)} differ`}>{formatCount(section.differing)}</span>
            ) : (
              <span>{section.instead}</span>
            )}
          </button>
        ))}
      </nav>
      <span className={text.grow} />
      <span className={classes.reference} id="compare-reference">
        Reference
      </span>
      <SegmentedControl
        aria-labelledby="compare-reference"
        data={letters}
        value={letterOf(comparison.reference)}
        onChange={(letter) => onReference(letters.indexOf(letter))}
      />
      <PlatformChoice {...props} />
      <Switch
        label={
          <span className={classes.only}>
            Only differences <Kbd>{key}</Kbd>
          </span>
        }
        checked={onlyDifferences}
        onChange={(event) => props.onOnlyDifferences(event.currentTarget.checked)}
      />
    </div>
  );
}

const mixed = "";

/** Those that all have; where they have none in common, each column chooses. */
function PlatformChoice({ comparison, onPlatform }: CompareToolsProps) {
  const { commonPlatforms, versions } = comparison;
  const platform = onePlatform(versions);
  if (commonPlatforms.length === 0 || (commonPlatforms.length === 1 && platform !== null)) return null;
  const options = commonPlatforms.map((value) => ({ value, label: value }));
  return (
    <Choice
      name="Platform"
      value={platform ?? mixed}
      options={platform === null ? [...options, { value: mixed, label: "several platforms" }] : options}
      onChange={(next) => next !== mixed && onPlatform(next)}
    />
  );
}
