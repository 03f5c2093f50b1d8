/** Where a copy stands: nothing said yet, planned, carried out, ended. One thing at a time, each derived from what is known. */
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import type { ChangeRequest, Outcome, Plan, Problem, Progress } from "../../../ipc";
import { useCheck } from "../plan/useCheck";
import { cancelChange, executePlan, putAwayAt, type RunningChange, runAt, useChanges, watchPlace } from "../running/changes";
import type { ChangeWords } from "../running/words";

export type CopyStage =
  | { name: "asking" }
  | { name: "planning"; step: Extract<Progress, { type: "step" }> | null }
  | { name: "refused"; problem: Problem }
  | { name: "ready"; plan: Plan }
  | { name: "running"; plan: Plan; run: RunningChange }
  | { name: "ended"; plan: Plan; outcome: Outcome };

interface Options {
  /** Where it runs: one at a time. */
  place: string;
  request: ChangeRequest | null;
  words: ChangeWords;
}

/** Who types is not asked about half a name. */
const pause = 400;

export function useCopyPlan({ place, request, words }: Options) {
  const run = runAt(useChanges(), place);
  useEffect(() => watchPlace(place), [place]);
  // As text: a request is made anew with each look at it.
  const wanted = JSON.stringify(request);
  const [key] = useDebouncedValue(wanted, pause);
  const settled = useMemo(() => JSON.parse(key) as ChangeRequest | null, [key]);
  const { check, start, cancel } = useCheck(settled);
  const [ended, setEnded] = useState<Outcome | null>(null);
  const locked = ended !== null || (run?.plan ?? null) !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each wish, as soon as nothing runs
  useEffect(() => {
    if (settled !== null && !locked) start(null);
  }, [key, locked]);
  const isSettled = wanted === key;
  const stage = stageOf();

  function stageOf(): CopyStage {
    const outcome = ended ?? run?.outcome ?? null;
    if (run?.plan && run.ended === null) return { name: "running", plan: run.plan, run };
    if (outcome !== null) return { name: "ended", plan: outcome.plan, outcome };
    if (run?.problem) return { name: "refused", problem: run.problem };
    if (request === null) return { name: "asking" };
    if (!isSettled || check.state === "none" || check.state === "running") return { name: "planning", step: check.step };
    if (check.problem !== null) return { name: "refused", problem: check.problem };
    return check.plan === null ? { name: "planning", step: null } : { name: "ready", plan: check.plan };
  }

  return {
    stage,
    /** After a refusal, or to see what is left to do. */
    again: () => {
      putAwayAt(place);
      setEnded(null);
      cancel();
      start(null);
    },
    /** `typedName`: what a person typed, where the plan asks for a name. */
    execute: async (typedName: string | null) => {
      if (stage.name !== "ready") return;
      const outcome = await executePlan(stage.plan, words, place, typedName);
      // The plan is used up, however it ended.
      cancel();
      setEnded(outcome);
    },
    stop: () => run && cancelChange(run.id),
  };
}
