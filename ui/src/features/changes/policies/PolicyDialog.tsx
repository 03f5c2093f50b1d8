/** Saves rules under a name, renames a policy or changes what it is for, or forgets it. */
import { Button, TagsInput, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type PruneRules, type SavedPolicy, toProblem } from "../../../ipc";
import { coveredQuery } from "../../../ipc/queries/changes";
import { Dialog } from "../../../shared/Dialog";
import dialog from "../../../shared/Dialog.module.css";
import { counted } from "../../../shared/format";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import text from "../../../shared/text.module.css";
import rulesClasses from "../plan/RulesPane.module.css";
import classes from "./PolicyPane.module.css";
import type { Policies } from "./usePolicies";

export type PolicyTask = { kind: "save" } | { kind: "edit" | "remove"; policy: SavedPolicy };

interface PolicyDialogProps {
  /** null: closed. */
  task: PolicyTask | null;
  /** What is saved under a new name. */
  rules: PruneRules;
  /** What a new policy is for at first. */
  first: readonly string[];
  policies: Policies;
  onClose: () => void;
  /** The policy as it was saved; null: it is gone. */
  onDone: (policy: SavedPolicy | null) => void;
}

export function PolicyDialog({ task, policies, onClose, ...rest }: PolicyDialogProps) {
  const title =
    task === null
      ? ""
      : task.kind === "save"
        ? "Save the rules as a policy"
        : task.kind === "edit"
          ? task.policy.name
          : `Remove ${task.policy.name}`;
  const close = () => {
    policies.putAway();
    onClose();
  };
  return (
    <Dialog opened={task !== null} onClose={close} title={title} size={460}>
      {task === null ? null : task.kind === "remove" ? (
        <Removal policy={task.policy} policies={policies} onClose={close} onDone={rest.onDone} />
      ) : (
        <Form policy={task.kind === "edit" ? task.policy : null} policies={policies} onClose={close} {...rest} />
      )}
    </Dialog>
  );
}

const fieldClasses = { label: rulesClasses.label, description: rulesClasses.about, error: rulesClasses.wrong };

type FormProps = { policy: SavedPolicy | null } & Omit<PolicyDialogProps, "task">;

function Form({ policy, rules, first, policies, onClose, onDone }: FormProps) {
  const [name, setName] = useState(policy?.name ?? "");
  const [patterns, setPatterns] = useState<string[]>([...(policy?.patterns ?? first)]);
  const covered = useQuery({ ...coveredQuery(patterns), placeholderData: keepPreviousData });
  const wrong = covered.error === null ? null : toProblem(covered.error);
  const ready = name.trim() !== "" && patterns.length > 0 && wrong === null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // A policy that is renamed keeps its own rules.
    const kept = policy?.rules ?? rules;
    if (!ready || !(await policies.save({ name: name.trim(), patterns, rules: kept, replaces: policy?.name ?? null }))) return;
    onDone({ name: name.trim(), patterns, rules: kept, problem: null, covers: covered.data ?? [] });
    onClose();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={classes.fields}>
      <TextInput
        label="Name"
        classNames={fieldClasses}
        value={name}
        data-autofocus
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TagsInput
        label="Repositories"
        classNames={fieldClasses}
        description="Names or patterns, with the connection before them or without: GHCR/vision/*, vision/*"
        value={patterns}
        acceptValueOnBlur
        error={wrong === null ? undefined : [wrong.message, wrong.hint].filter((part) => part !== null).join(". ")}
        onChange={setPatterns}
      />
      <div>
        <p className={text.middle}>{counted(covered.data?.length ?? 0, "known repository", "known repositories")}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
        <ul className={`${classes.repositories} ${classes.covered}`} tabIndex={0} aria-label="Known repositories">
          {(covered.data ?? []).map(({ connectionId, connection, repository, tags }) => (
            <li key={`${connectionId} ${repository}`}>
              <span className={`${text.grow} ${text.cut}`}>
                {connection}/{repository}
              </span>
              <span className={`${text.dim} ${text.number}`}>{counted(tags, "tag")}</span>
            </li>
          ))}
        </ul>
      </div>
      {policies.problem ? <ProblemStrip problem={policies.problem} /> : null}
      <div className={dialog.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={!ready}>
          Save the policy
        </Button>
      </div>
    </form>
  );
}

function Removal({
  policy,
  policies,
  onClose,
  onDone,
}: { policy: SavedPolicy } & Pick<PolicyDialogProps, "policies" | "onClose" | "onDone">) {
  const remove = async () => {
    if (!(await policies.remove(policy.name))) return;
    onDone(null);
    onClose();
  };
  return (
    <>
      {policies.problem ? <ProblemStrip problem={policies.problem} /> : null}
      <p className={dialog.lead}>
        The rules stay here as unsaved ones. Nothing changes in a registry. Export the policy first to keep a file of it.
      </p>
      <div className={dialog.actions}>
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button variant="filled" onClick={() => void remove()}>
          Remove the policy
        </Button>
      </div>
    </>
  );
}
