/** Reads anew and plans; what comes out can be carried out. A check holds for one request: another one begins without. */
import { useCallback, useEffect, useRef, useState } from "react";
import { type ChangeRequest, isCancelled, type Plan, type Problem, type Progress, planChange, toProblem } from "../../../ipc";

export interface Check {
  state: "none" | "running" | "done" | "failed";
  step: Extract<Progress, { type: "step" }> | null;
  /** What may be carried out. */
  plan: Plan | null;
  /** What was shown when the check began. */
  shown: Plan | null;
  problem: Problem | null;
}

const none: Check = { state: "none", step: null, plan: null, shown: null, problem: null };

export function useCheck(request: ChangeRequest | null): { check: Check; start: (shown: Plan | null) => void; cancel: () => void } {
  const key = JSON.stringify(request);
  const [held, setHeld] = useState<Check & { key: string }>({ ...none, key });
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setHeld({ ...none, key: "" });
  }, []);
  // A check of what is not wanted any more is not waited for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another request ends the check of the one before
  useEffect(() => () => running.current?.abort(), [key]);

  const start = (shown: Plan | null) => {
    if (request === null) return;
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const put = (part: Partial<Check>) => {
      if (running.current === controller) setHeld((before) => ({ ...before, ...part }));
    };
    setHeld({ ...none, key, state: "running", shown });
    const onProgress = (progress: Progress) => {
      if (progress.type === "step") put({ step: progress });
    };
    planChange(request, { signal: controller.signal, onProgress }).then(
      (plan) => put({ state: "done", plan, step: null }),
      (error: unknown) => put(isCancelled(error) ? none : { state: "failed", problem: toProblem(error), step: null }),
    );
  };
  return { check: held.key === key ? held : none, start, cancel };
}
