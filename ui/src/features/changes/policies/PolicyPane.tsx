/** Which policy a clean-up goes by, what can be done with it, and the repositories that it is for. */
import { Menu, Select } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import type { CoveredRepository, PruneRules, SavedPolicy } from "../../../ipc";
import { counted, formatCount } from "../../../shared/format";
import { IconButton } from "../../../shared/IconButton";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import text from "../../../shared/text.module.css";
import rulesClasses from "../plan/RulesPane.module.css";
import { PolicyDialog, type PolicyTask } from "./PolicyDialog";
import classes from "./PolicyPane.module.css";
import type { Policies } from "./usePolicies";

interface PolicyPaneProps {
  policies: Policies;
  /** Those that are for this repository. */
  fitting: readonly SavedPolicy[];
  /** null: the rules are not saved. */
  chosen: SavedPolicy | null;
  /** With its rules, unless those on the page stay. */
  onChoose: (policy: SavedPolicy | null, keepRules?: boolean) => void;
  /** The rules as they stand. */
  rules: PruneRules;
  /** They are other than the chosen policy's. */
  changed: boolean;
  /** They may be saved. */
  usable: boolean;
  /** What the plan is of. */
  repositories: readonly CoveredRepository[];
}

const unsaved = "Unsaved rules";
/** More repositories than this are counted. */
const listed = 6;

export function PolicyPane(props: PolicyPaneProps) {
  const { policies, fitting, chosen, onChoose, rules, changed, usable, repositories } = props;
  const [task, setTask] = useState<PolicyTask | null>(null);
  const [whole, setWhole] = useState(false);
  const shown = whole ? repositories : repositories.slice(0, listed);
  const more = repositories.length - shown.length;
  const choose = (name: string | null) => onChoose(fitting.find((policy) => policy.name === name) ?? null);
  const saveChanges = () => {
    if (chosen !== null) void policies.save({ name: chosen.name, patterns: chosen.patterns, rules, replaces: chosen.name });
  };
  const importFile = async (file?: string) => {
    const [first] = await policies.importFrom(file);
    if (first !== undefined) policies.putAway();
  };
  return (
    <section className={rulesClasses.section} aria-label="Policy">
      <h2 className={rulesClasses.title}>Policy</h2>
      <div className={classes.choice}>
        <Select
          aria-label="Policy"
          className={text.grow}
          allowDeselect={false}
          data={[{ value: "", label: unsaved }, ...fitting.map(({ name }) => ({ value: name, label: name }))]}
          value={chosen?.name ?? ""}
          onChange={(name) => choose(name === "" ? null : name)}
        />
        <Menu position="bottom-end" offset={4}>
          <Menu.Target>
            <IconButton icon={IconDots} label="Policies" />
          </Menu.Target>
          <Menu.Dropdown>
            {chosen ? (
              <Menu.Item disabled={!changed || !usable} onClick={saveChanges}>
                Save changes
              </Menu.Item>
            ) : null}
            <Menu.Item disabled={!usable} onClick={() => setTask({ kind: "save" })}>
              {chosen ? "Save as…" : "Save…"}
            </Menu.Item>
            {chosen ? <Menu.Item onClick={() => setTask({ kind: "edit", policy: chosen })}>Rename, repositories…</Menu.Item> : null}
            {chosen ? <Menu.Item onClick={() => setTask({ kind: "remove", policy: chosen })}>Remove…</Menu.Item> : null}
            <Menu.Divider />
            {chosen ? <Menu.Item onClick={() => void policies.exportTo(chosen.name)}>Export…</Menu.Item> : null}
            <Menu.Item disabled={policies.all.length === 0} onClick={() => void policies.exportTo(null)}>
              Export all…
            </Menu.Item>
            <Menu.Item onClick={() => void importFile()}>Import…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {chosen && changed ? <p className={classes.note}>Changed since it was saved</p> : null}
      {policies.problem ? (
        <ProblemStrip
          problem={policies.problem}
          action={policies.clash === null ? undefined : { label: "Replace", run: () => void importFile(policies.clash ?? undefined) }}
        />
      ) : null}
      <ul className={classes.repositories} aria-label="Repositories">
        {shown.map(({ connectionId, connection, repository, tags }) => (
          <li key={`${connectionId} ${repository}`}>
            <span className={`${text.grow} ${text.cut}`} title={`${connection}/${repository}`}>
              {repository}
            </span>
            <span className={`${text.dim} ${text.number}`}>{counted(tags, "tag")}</span>
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <button type="button" className={text.link} onClick={() => setWhole(true)}>
          and {formatCount(more)} more
        </button>
      ) : null}
      {chosen && repositories.length === 0 ? (
        <p className={classes.note}>No known repository matches {chosen.patterns.join(", ")}</p>
      ) : null}
      <PolicyDialog
        task={task}
        rules={rules}
        first={
          repositories.length === 1
            ? repositories.map(({ connection, repository }) => `${connection}/${repository}`)
            : (chosen?.patterns ?? [])
        }
        policies={policies}
        onClose={() => setTask(null)}
        onDone={(policy) => onChoose(policy, true)}
      />
    </section>
  );
}
