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
  const { versions, tags, onlyTags, protectedToo, left } = props;
  const marks = useMemo(() => new Map(props.channels.map((channel) => [channel.name, channel.mark])), [props.channels]);
  const guarded = tags.filter((tag) => tag.isProtected);
  const put = (name: string, wanted: boolean) => {
    const next = new Set(left);
    if (wanted) next.delete(name);
    else next.add(name);
    props.onLeft(next);
  };
  return (
    <>
      <section className={classes.section}>
        <h2 className={classes.title}>Chosen</h2>
        <p className={classes.line}>
          {versions > 0 ? `${counted(versions, "version")}, ${counted(tags.length, "tag")}` : counted(tags.length, "tag")}
        </p>
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
      {guarded.length > 0 || protectedToo ? (
        <section className={classes.section}>
          <Switch
            label={guarded.length > 1 ? "Protected tags too" : "The protected tag too"}
            checked={protectedToo}
            onChange={(event) => props.onProtectedToo(event.currentTarget.checked)}
          />
          <p className={classes.hint}>
            {protectedToo
              ? "The plan asks for a name to be typed before they go."
              : `${guarded
                  .map((tag) => tag.name)
                  .slice(0, 3)
                  .join(
                    ", ",
                  )}${guarded.length > 3 ? ` and ${guarded.length - 3} more` : ""} ${guarded.length === 1 ? "stays" : "stay"}, and so does the version under ${guarded.length === 1 ? "it" : "them"}.`}
          </p>
        </section>
      ) : null}
      {tags.length > 0 ? (
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
      ) : null}
    </>
  );
}
