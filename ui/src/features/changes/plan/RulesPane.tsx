/** The rules of a clean-up as controls, each with what is wrong with it, and the same as a command. */
import { Code, Switch, TagsInput, TextInput } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ConnectionInfo, Settings } from "../../../ipc";
import { copyText } from "../../../shared/clipboard";
import { IconButton } from "../../../shared/IconButton";
import { TagChip } from "../../../shared/tags/TagChip";
import text from "../../../shared/text.module.css";
import { BackupSection } from "./BackupSection";
import type { BackupChoice } from "./backup";
import { LimitRow } from "./LimitRow";
import classes from "./RulesPane.module.css";
import { type RuleErrors, type RulesDraft, unitName, whyNoPulls } from "./rules";

interface RulesPaneProps {
  draft: RulesDraft;
  change: (part: Partial<RulesDraft>) => void;
  errors: RuleErrors;
  connection: ConnectionInfo;
  settings: Settings;
  onSettings: () => void;
  /** The policy that the rules are of. */
  policy: ReactNode;
  backup: BackupChoice;
  /** The same for a terminal; null: nothing is selected. */
  command: string | null;
}

const fieldClasses = { input: text.mono, label: classes.label, description: classes.about, error: classes.wrong };

export function RulesPane({ draft, change, errors, connection, settings, onSettings, policy, backup, command }: RulesPaneProps) {
  const limit = (name: "keepLast" | "keepLastReleases" | "youngerDays" | "pulledDays") => ({
    limit: draft[name],
    onChange: (next: RulesDraft["keepLast"]) => change({ [name]: next }),
    error: errors[name],
  });
  const toggle = (name: "keepSemver" | "untagged" | "eachTag", label: string, hint: string) => (
    <Toggle label={label} hint={hint} value={draft[name]} onChange={(on) => change({ [name]: on })} />
  );
  return (
    <>
      {policy}
      <section className={classes.section}>
        <h2 className={classes.title}>Stays</h2>
        <LimitRow label="The last" unit="versions" {...limit("keepLast")} />
        {draft.keepLast.on ? (
          <TextInput
            size="xs"
            className={classes.inner}
            label="of each group"
            description="A regular expression over the tag; its first group names the group"
            placeholder="all in one"
            value={draft.groupBy}
            error={errors.groupBy}
            classNames={fieldClasses}
            onChange={(event) => change({ groupBy: event.currentTarget.value })}
          />
        ) : null}
        <LimitRow label="The last" unit="releases" {...limit("keepLastReleases")} />
        <LimitRow label="Younger than" unit={unitName(draft.youngerDays)} {...limit("youngerDays")} />
        {toggle("keepSemver", "All releases", "Such as 1.4.2; pre-releases may go")}
        <TagsInput
          label="Tags that match"
          placeholder={draft.keep.length === 0 ? "Add a pattern" : ""}
          value={draft.keep}
          error={errors.keep}
          acceptValueOnBlur
          classNames={{ label: classes.label, error: classes.wrong }}
          onChange={(keep) => change({ keep })}
        />
        <div className={classes.protected}>
          <span className={text.middle}>Protected tags, always</span>
          <button type="button" className={text.link} onClick={onSettings}>
            Change
          </button>
        </div>
        <div className={classes.chips}>
          {settings.protectedTags.map((name) => (
            <TagChip key={name} tag={{ name, channel: settings.channels.find((channel) => channel.name === name)?.mark ?? null }} />
          ))}
          {settings.protectedTags.length === 0 ? <span className={text.dim}>none</span> : null}
        </div>
      </section>
      <section className={classes.section}>
        <h2 className={classes.title}>May go</h2>
        <TextInput
          size="xs"
          label="Tags that match"
          description="All others stay and are not looked at"
          value={draft.matching}
          error={errors.matching}
          classNames={fieldClasses}
          onChange={(event) => change({ matching: event.currentTarget.value })}
        />
        {toggle("untagged", "Manifests without a tag", "Where nothing that stays needs them")}
        <LimitRow label="Not pulled for" unit={unitName(draft.pulledDays)} off={!draft.pulledDays.on} {...limit("pulledDays")} />
        <div>
          <p className={classes.hint}>{whyNoPulls(connection)}</p>
        </div>
        {toggle("eachTag", "Each tag by itself", "A tag may go while its version stays")}
      </section>
      <BackupSection backup={backup} />
      {command === null ? null : <Terminal command={command} />}
    </>
  );
}

function Toggle({ label, hint, value, onChange }: { label: string; hint: ReactNode; value: boolean; onChange: (on: boolean) => void }) {
  return (
    <div className={classes.toggle}>
      <Switch label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      <p className={classes.hint}>{hint}</p>
    </div>
  );
}

export function Terminal({ command }: { command: string }) {
  return (
    <section className={classes.terminal}>
      <div className={text.row}>
        <h2 className={`${text.head} ${text.grow}`}>The same in a terminal</h2>
        <IconButton small icon={IconCopy} label="Copy the command" onClick={() => void copyText(command, "Copied the command")} />
      </div>
      <Code block className={classes.command}>
        {command}
      </Code>
    </section>
  );
}
