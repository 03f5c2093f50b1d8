/** Where a plan stands: looked at, checked against the registry, carried out, ended. One thing at a time, each derived from what is known. */
import { useEffect } from "react";
import type { ChangeRequest, Outcome, Plan, Problem } from "../../../ipc";
import { useFormat } from "../../../shared/format";
import { cancelChange, executePlan, putAwayAt, type RunningChange, runAt, useChanges, watchPlace } from "../running/changes";
import { deletionWords } from "../running/words";
import { type Check, useCheck } from "./useCheck";

export type Stage =
  | { name: "looking"; plan: Plan | null; problem: Problem | null }
  | { name: "checking"; plan: Plan | null; check: Check }
  | { name: "checked"; plan: Plan; check: Check }
  | { name: "running"; plan: Plan; run: RunningChange }
  | { name: "ended"; plan: Plan; outcome: Outcome };

interface PlanStage {
  stage: Stage;
  /** Why the last plan was not carried out at all; told until somebody goes on. */
  refused: Problem | null;
  check: () => void;
  /** Somebody goes on after a refusal. */
  checkAgain: () => void;
  /** Back to what the index says. */
  drop: () => void;
  /** `typed`: the name, where the plan asks for one. */
  execute: (typed: string) => void;
  stop: () => void;
}

interface Options {
  connectionId: string;
  repository: string;
  /** null: nothing is selected. */
  request: ChangeRequest | null;
  /** What the index says, of this request or still of the one before. */
  preview: Plan | null;
  onDone: (outcome: Outcome) => void;
}

export function usePlanStage({ connectionId, repository, request, preview, onDone }: Options): PlanStage {
  const { bytes } = useFormat();
  const key = `deletion ${connectionId} ${repository}`;
  const run = runAt(useChanges(), key);
  useEffect(() => watchPlace(key), [key]);
  const { check, start, cancel } = useCheck(request);
  const execute = async (plan: Plan, typed: string) => {
    const typedName = plan.typedName === null ? null : typed.trim();
    const outcome = await executePlan(plan, deletionWords(plan, bytes(plan.reclaimedBytes)), key, typedName);
    // The plan is used up, however it ended.
    cancel();
    if (outcome?.state === "done") onDone(outcome);
  };
  const stage = stageOf(run, check, preview);
  return {
    stage,
    refused: run?.problem ?? null,
    check: () => start(preview),
    checkAgain: () => {
      putAwayAt(key);
      start(preview);
    },
    drop: () => {
      cancel();
      putAwayAt(key);
    },
    execute: (typed) => {
      if (stage.name === "checked") void execute(stage.plan, typed);
    },
    stop: () => run && cancelChange(run.id),
  };
}

function stageOf(run: RunningChange | undefined, check: Check, preview: Plan | null): Stage {
  if (run?.outcome) return { name: "ended", plan: run.outcome.plan, outcome: run.outcome };
  if (run?.plan && run.ended === null) return { name: "running", plan: run.plan, run };
  if (check.state === "running") return { name: "checking", plan: preview, check };
  if (check.state === "done" && check.plan !== null) return { name: "checked", plan: check.plan, check };
  return { name: "looking", plan: preview, problem: check.problem };
}
