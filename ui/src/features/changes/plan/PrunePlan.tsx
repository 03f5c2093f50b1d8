/** A clean-up: rules that are edited, and what they would do, at once from the index. */
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFilter2 } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type ChangeRequest, type Outcome, type Plan, toProblem } from "../../../ipc";
import { previewQuery } from "../../../ipc/queries/changes";
import { EmptyState } from "../../../shared/EmptyState";
import { PolicyPane } from "../policies/PolicyPane";
import { usePolicies } from "../policies/usePolicies";
import { backupFlag, useBackup, withBackup } from "./backup";
import { useKeptRules } from "./keptRules";
import { PlanBody, type PlanPlace } from "./PlanBody";
import { RulesPane } from "./RulesPane";
import { errorOfField, errorsOf, type RulesDraft, rulesOf, selectsSomething } from "./rules";
import { usePolicyChoice } from "./usePolicyChoice";

/** A number that is typed is asked for when it stands. */
const typingMilliseconds = 150;

const nothing: ChangeRequest = { kind: "undo", id: "" };

interface PrunePlanProps extends PlanPlace {
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
  onUndo: (outcome: Outcome) => void;
  onSettings: () => void;
}

export function PrunePlan({ onSettings, ...props }: PrunePlanProps) {
  const { connection, repository, settings } = props;
  const [draft, change] = useKeptRules(connection.id, repository);
  const [settled] = useDebouncedValue(draft, typingMilliseconds);
  const errors = errorsOf(draft);
  const policies = usePolicies();
  const choice = usePolicyChoice({ all: policies.all, connection, repository, draft, change });
  const { places } = choice;
  const backup = useBackup(connection, repository);
  // What goes is the same with a backup: only the check asks for it.
  const looked = useMemo<ChangeRequest | null>(() => {
    const rules = rulesOf(settled);
    const usable = Object.keys(errorsOf(settled)).length === 0 && selectsSomething(rules);
    return usable && places.length > 0 ? { kind: "prune", repositories: places, rules, backup: null } : null;
  }, [settled, places]);
  const request = useMemo(
    () => (looked === null || backup.error !== null ? null : withBackup(looked, backup.place)),
    [looked, backup.error, backup.place],
  );
  const preview = useQuery({ ...previewQuery(looked ?? nothing), enabled: looked !== null, placeholderData: keepPreviousData });
  // A rule that is half typed takes nothing away: the last answer stays until the next one comes.
  const [last, setLast] = useState<Plan | null>(null);
  if (preview.data !== undefined && preview.data !== last) setLast(preview.data);
  const problem = preview.error === null || looked === null ? null : toProblem(preview.error);
  const ofField = problem?.code === "invalidInput" ? errorOfField(problem.message, settled) : null;
  const incomplete = Object.keys(errors).length > 0 || ofField !== null;
  const isSelected = selectsSomething(rulesOf(settled));
  return (
    <PlanBody
      {...props}
      title="Prune"
      request={request}
      preview={isSelected || incomplete ? last : null}
      blocked={incomplete ? last === null : !isSelected}
      problem={ofField === null ? problem : null}
      usable={draft === settled && !incomplete && problem === null && preview.isSuccess && !preview.isPlaceholderData}
      checksAtOnce={false}
      backupTo={backup.place === null ? null : (backup.folder?.name ?? null)}
      empty={incomplete ? <NotYet /> : <NothingSelected onChoose={(part) => change((before) => ({ ...before, ...part }))} />}
      aside={
        <RulesPane
          draft={draft}
          change={(part) => change((before) => ({ ...before, ...part }))}
          errors={{ ...ofField, ...errors }}
          connection={connection}
          settings={settings}
          onSettings={onSettings}
          command={choice.command === null ? null : choice.command + backupFlag(backup)}
          backup={backup}
          policy={
            <PolicyPane
              policies={policies}
              fitting={choice.fitting}
              chosen={choice.chosen}
              onChoose={choice.choose}
              rules={rulesOf(draft)}
              changed={choice.changed}
              usable={!incomplete && selectsSomething(rulesOf(draft))}
              repositories={choice.repositories}
            />
          }
        />
      }
    />
  );
}

function NothingSelected({ onChoose }: { onChoose: (part: Partial<RulesDraft>) => void }) {
  return (
    <EmptyState
      icon={IconFilter2}
      title="Nothing is selected yet"
      actions={
        <>
          <Button onClick={() => onChoose({ keepLast: { on: true, count: 10 } })}>Keep the last 10 versions</Button>
          <Button onClick={() => onChoose({ youngerDays: { on: true, count: 90 } })}>Keep what is younger than 90 days</Button>
        </>
      }
      foot="Nothing is deleted before you see the plan and confirm it."
    >
      Choose at the left what stays, or which tags may go. What the rules would do stands here at once.
    </EmptyState>
  );
}

function NotYet() {
  return (
    <EmptyState icon={IconFilter2} title="A rule is not complete">
      The field at the left says what it needs.
    </EmptyState>
  );
}
