/** The progress of reading layers, with the rate over the last seconds. */
import { useCallback, useRef, useState } from "react";
import type { Progress } from "../../ipc";

export interface Reading {
  done: number;
  total: number | null;
  bytesPerSecond: number;
  step: string | null;
  waiting: { host: string; until: string } | null;
}

const nothingRead: Reading = { done: 0, total: null, bytesPerSecond: 0, step: null, waiting: null };
/** The rate is taken over this time. */
const span = 3000;

export function useReading(): { reading: Reading; report: (progress: Progress) => void; reset: () => void } {
  const [reading, setReading] = useState(nothingRead);
  const samples = useRef<{ at: number; done: number }[]>([]);
  const report = useCallback((progress: Progress) => {
    const at = performance.now();
    if (progress.type === "bytes") {
      samples.current = [...samples.current.filter((sample) => at - sample.at < span), { at, done: progress.done }];
      const bytesPerSecond = rate(samples.current);
      setReading((before) => ({ ...before, done: progress.done, total: progress.total, bytesPerSecond, waiting: null }));
    }
    if (progress.type === "step") setReading((before) => ({ ...before, step: progress.what }));
    if (progress.type === "waiting") setReading((before) => ({ ...before, waiting: { host: progress.host, until: progress.until } }));
  }, []);
  const reset = useCallback(() => {
    samples.current = [];
    setReading(nothingRead);
  }, []);
  return { reading, report, reset };
}

/** Bytes per second between the first and the last sample; 0 while there is too little to say. */
export function rate(samples: readonly { at: number; done: number }[]): number {
  const first = samples[0];
  const last = samples[samples.length - 1];
  if (first === undefined || last === undefined || last.at - first.at < 200) return 0;
  return Math.max(0, ((last.done - first.done) / (last.at - first.at)) * 1000);
}
