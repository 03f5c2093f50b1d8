/** How far the single steps of a change are, and how fast: rates over the last seconds, and what is left by them. Pure. */
import type { PartProgress, Progress } from "../../../ipc";

/** Over so many milliseconds a rate is taken: shorter jumps, longer lies after a stall. */
const span = 5000;
/** Before so much has passed, a rate would be a guess. */
const soonest = 400;

/** How much was done at which moments, the oldest first. */
export type Samples = readonly { at: number; done: number }[];

export interface Part {
  standing: PartProgress["standing"];
  doneBytes: number | null;
  totalBytes: number | null;
  samples: Samples;
}

export interface Parts {
  /** By the step's place in the plan. */
  steps: ReadonlyMap<number, Part>;
  /** Of all bytes together. */
  all: Samples;
}

export const noParts: Parts = { steps: new Map(), all: [] };

export function noted(parts: Parts, progress: Progress, at: number): Parts {
  if (progress.type === "bytes") return { ...parts, all: sampled(parts.all, progress.done, at) };
  if (progress.type !== "parts") return parts;
  const steps = new Map(parts.steps);
  for (const { step, standing, doneBytes, totalBytes } of progress.parts) {
    const samples = doneBytes === null ? [] : sampled(steps.get(step)?.samples ?? [], doneBytes, at);
    steps.set(step, { standing, doneBytes, totalBytes, samples });
  }
  return { ...parts, steps };
}

function sampled(samples: Samples, done: number, at: number): Samples {
  // An upload that has to begin again goes back: what was measured before says nothing any more.
  const before = (samples.at(-1)?.done ?? 0) > done ? [] : samples;
  const kept = before.filter((sample, position) => at - sample.at <= span || position === before.length - 1);
  return [...kept, { at, done }];
}

/** Bytes in a second; null while that is not known. */
export function rateOf(samples: Samples): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < soonest || last.done <= first.done) return null;
  return ((last.done - first.done) / (last.at - first.at)) * 1000;
}

/** `26.3 MB/s, 8 s left`; nothing while no rate is known. `bytes` writes sizes. */
export function paceWords(samples: Samples, total: number, bytes: (size: number) => string): string {
  const rate = rateOf(samples);
  if (rate === null) return "";
  const left = Math.max(0, total - (samples.at(-1)?.done ?? 0)) / rate;
  return `${bytes(rate)}/s, ${spanWords(left)} left`;
}

/** `8 s`, `4 min`, `2 h 5 min`: what a person waits. */
export function spanWords(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))}\u202Fs`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}\u202Fmin`;
  return minutes % 60 === 0 ? `${minutes / 60}\u202Fh` : `${Math.floor(minutes / 60)}\u202Fh ${minutes % 60}\u202Fmin`;
}
