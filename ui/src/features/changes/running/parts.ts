/** How far the single steps of a change are, and how fast, as the program tells it. Pure. */
import type { PartProgress, Progress } from "../../../ipc";

export type Part = Omit<PartProgress, "step">;

/** Of all bytes together. */
export type Sent = Omit<Extract<Progress, { type: "bytes" }>, "type">;

export interface Parts {
  /** By the step's place in the plan. */
  steps: ReadonlyMap<number, Part>;
  /** null: nothing was sent yet. */
  all: Sent | null;
}

export const noParts: Parts = { steps: new Map(), all: null };

export function noted(parts: Parts, progress: Progress): Parts {
  if (progress.type === "bytes") return { ...parts, all: progress };
  if (progress.type !== "parts") return parts;
  const steps = new Map(parts.steps);
  for (const { step, ...part } of progress.parts) steps.set(step, part);
  return { ...parts, steps };
}
