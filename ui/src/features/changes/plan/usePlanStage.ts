/** Where a plan stands: looked at, checked against the registry, carried out, ended. One thing at a time, each derived from what is known. */
import { useQueryClient } from "@tanstack/react-query";
import type { ChangeRequest, Outcome, Plan, Problem } from "../../../ipc";
import { indexRoot } from "../../../ipc/queries/keys";
import { forgetRun, type Run, runKey, startRun, stopRun, useRun } from "./runs";
import { type Check, useCheck } from "./useCheck";

export type Stage =
  | { name: "looking"; plan: Plan | null; problem: Problem | null }
  | { name: "checking"; plan: Plan | null; check: Check }
  | { name: "checked"; plan: Plan; check: Check }
  | { name: "running"; plan: Plan; run: Run }
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
  execute: () => void;
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
  const client = useQueryClient();
  const key = runKey(connectionId, repository);
  const run = useRun(key);
  const { check, start, cancel } = useCheck(request);
  const execute = async (plan: Plan) => {
    const outcome = await startRun(key, plan);
    // The plan is used up, however it ended.
    cancel();
    await client.invalidateQueries({ queryKey: indexRoot });
    if (outcome?.state === "done") onDone(outcome);
  };
  const stage = stageOf(run, check, preview);
  return {
    stage,
    refused: run?.problem ?? null,
    check: () => start(preview),
    checkAgain: () => {
      forgetRun(key);
      start(preview);
    },
    drop: () => {
      cancel();
      forgetRun(key);
    },
    execute: () => {
      if (stage.name === "checked") void execute(stage.plan);
    },
    stop: () => stopRun(key),
  };
}

function stageOf(run: Run | undefined, check: Check, preview: Plan | null): Stage {
  if (run?.outcome) return { name: "ended", plan: run.plan, outcome: run.outcome };
  if (run !== undefined && run.problem === null) return { name: "running", plan: run.plan, run };
  if (check.state === "running") return { name: "checking", plan: preview, check };
  if (check.state === "done" && check.plan !== null) return { name: "checked", plan: check.plan, check };
  return { name: "looking", plan: preview, problem: check.problem };
}
