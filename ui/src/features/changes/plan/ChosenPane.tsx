/** What was chosen by hand, and how it goes: whole versions or only tags, protected ones too or not. */
import { Checkbox, SegmentedControl, Switch } from "@mantine/core";
import { useMemo } from "react";
import type { ChannelSetting } from "../../../ipc";
import { counted, formatCount } from "../../../shared/format";
import { TagChip } from "../../../shared/tags/TagChip";
import text from "../../../shared/text.module.css";
import type { ChosenTag } from "./DeletePlan";
import classes from "./RulesPane.module.css";

interface ChosenPaneProps {
  versions: number;
  tags: readonly ChosenTag[];
  channels: readonly ChannelSetting[];
  onlyTags: boolean;
  onOnlyTags: (only: boolean) => void;
  protectedToo: boolean;
  onProtectedToo: (too: boolean) => void;
  /** Tags that were taken out of the choice. */
  left: ReadonlySet<string>;
  onLeft: (left: ReadonlySet<string>) => void;
}

/** More tags than this are not listed one by one. */
const listedTags = 300;

export function ChosenPane(props: ChosenPaneProps) {
  const { versions, tags, onlyTags } = props;
  const counts = versions > 0 ? `${counted(versions, "version")}, ${counted(tags.length, "tag")}` : counted(tags.length, "tag");
  return (
    <>
      <section className={classes.section}>
        <h2 className={classes.title}>Chosen</h2>
        <p className={classes.line}>{counts}</p>
        {versions > 0 && tags.length > 0 ? (
          <>
            <SegmentedControl
              aria-label="What goes"
              fullWidth
              data={[
                { value: "whole", label: versions === 1 ? "Whole version" : "Whole versions" },
                { value: "tags", label: "Only tags" },
              ]}
              value={onlyTags ? "tags" : "whole"}
              onChange={(value) => props.onOnlyTags(value === "tags")}
            />
            <p className={classes.hint}>
              {onlyTags
                ? "Each tag goes by itself; its version stays where another tag is left on it."
                : "A version goes with all its tags and with what belongs to it. One tag that stays keeps it."}
            </p>
          </>
        ) : null}
      </section>
      <ProtectedToo names={tags.filter((tag) => tag.isProtected).map((tag) => tag.name)} {...props} />
      {tags.length > 0 ? <ChosenTags {...props} /> : null}
    </>
  );
}

/** Protected tags stay unless somebody says otherwise, and types a name for it. */
function ProtectedToo({
  names,
  protectedToo,
  onProtectedToo,
}: { names: string[] } & Pick<ChosenPaneProps, "protectedToo" | "onProtectedToo">) {
  if (names.length === 0) return null;
  const one = names.length === 1;
  const more = names.length > 3 ? ` and ${formatCount(names.length - 3)} more` : "";
  const stay = `${names.slice(0, 3).join(", ")}${more} ${one ? "stays, and so does the version under it." : "stay, and so do the versions under them."}`;
  return (
    <section className={classes.section}>
      <Switch
        label={one ? "The protected tag too" : "Protected tags too"}
        checked={protectedToo}
        onChange={(event) => onProtectedToo(event.currentTarget.checked)}
      />
      <p className={classes.hint}>{protectedToo ? "The plan asks for a name to be typed first." : stay}</p>
    </section>
  );
}

function ChosenTags({ tags, channels, onlyTags, left, onLeft }: ChosenPaneProps) {
  const marks = useMemo(() => new Map(channels.map((channel) => [channel.name, channel.mark])), [channels]);
  const put = (name: string, wanted: boolean) => {
    const next = new Set(left);
    if (wanted) next.delete(name);
    else next.add(name);
    onLeft(next);
  };
  return (
    <section className={classes.section}>
      <h2 className={classes.title}>Tags</h2>
      <ul className={classes.tags}>
        {tags.slice(0, listedTags).map((tag) => {
          const chip = <TagChip tag={{ name: tag.name, channel: marks.get(tag.name) ?? null, protected: tag.isProtected }} />;
          return (
            <li key={tag.name}>
              {onlyTags ? (
                <Checkbox label={chip} checked={!left.has(tag.name)} onChange={(event) => put(tag.name, event.currentTarget.checked)} />
              ) : (
                chip
              )}
            </li>
          );
        })}
      </ul>
      {tags.length > listedTags ? <p className={text.dim}>and {formatCount(tags.length - listedTags)} more, all chosen</p> : null}
    </section>
  );
}
