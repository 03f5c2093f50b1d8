/** What a fresh plan does otherwise than the one that was shown. Pure. */
import type { Plan, PlannedStep } from "../../../ipc";

export interface Difference {
  /** What goes now and did not before: tags, or digests where there is no tag. */
  more: string[];
  /** What stays now. */
  fewer: string[];
  /** Digests that go now and did not. */
  newDigests: ReadonlySet<string>;
}

/** null: both delete the same. */
export function differenceOf(shown: Plan, fresh: Plan): Difference | null {
  const before = namesOf(shown.steps);
  const now = namesOf(fresh.steps);
  const more = [...now].filter((name) => !before.has(name));
  const fewer = [...before].filter((name) => !now.has(name));
  if (more.length === 0 && fewer.length === 0) return null;
  const known = new Set(shown.steps.map((step) => step.digest));
  return { more, fewer, newDigests: new Set(fresh.steps.map((step) => step.digest).filter((digest) => !known.has(digest))) };
}

/** A tag counts with the digest that it holds: one that moved is another. */
function namesOf(steps: readonly PlannedStep[]): Set<string> {
  return new Set(
    steps.flatMap((step) => {
      const digest = step.digest.slice(step.digest.indexOf(":") + 1).slice(0, 8);
      const alone = step.action === "delete-manifest" ? [digest] : [];
      return [...step.tags.map((tag) => `${tag} (${digest})`), ...alone];
    }),
  );
}

const named = 3;

/** `1.3.1, 1.3.0 and 4 more`. Tags stand for their digests. */
export function namesWords(names: readonly string[]): string {
  // A signature's tag goes with its version.
  const tags = names.filter((name) => name.includes(" ") && !name.startsWith("sha256-"));
  const shown = (tags.length > 0 ? tags : names).map((name) => name.split(" ")[0] ?? name);
  const rest = shown.length - named;
  return rest > 0 ? `${shown.slice(0, named).join(", ")} and ${rest} more` : shown.join(", ");
}
