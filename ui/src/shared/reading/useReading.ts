/** The progress of reading layers, as the program tells it. */
import { useCallback, useState } from "react";
import type { Progress, ProgressPace } from "../../ipc";

export interface Reading {
  done: number;
  total: number | null;
  /** null: not known yet. */
  pace: ProgressPace | null;
  step: string | null;
  waiting: { host: string; until: string } | null;
}

const nothingRead: Reading = { done: 0, total: null, pace: null, step: null, waiting: null };

export function useReading(): { reading: Reading; report: (progress: Progress) => void; reset: () => void } {
  const [reading, setReading] = useState(nothingRead);
  const report = useCallback((progress: Progress) => {
    if (progress.type === "bytes") {
      const { done, total, pace } = progress;
      setReading((before) => ({ ...before, done, total, pace, waiting: null }));
    }
    if (progress.type === "step") setReading((before) => ({ ...before, step: progress.what }));
    if (progress.type === "waiting") setReading((before) => ({ ...before, waiting: { host: progress.host, until: progress.until } }));
  }, []);
  const reset = useCallback(() => setReading(nothingRead), []);
  return { reading, report, reset };
}
