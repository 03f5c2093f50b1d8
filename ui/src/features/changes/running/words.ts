/** How changes are spoken of: while they run, when they are done, when they are not. Pure. */
import type { JournalEntry, Outcome, Plan, PlannedStep, Problem } from "../../../ipc";
import { counted, formatCount, shortDigest } from "../../../shared/format";

/** All that a change of a kind has to bring to be shown, carried out and undone. */
export interface ChangeWords {
  /** A noun with its article: "the promotion of 1.4.2 to production". */
  what: string;
  /** While it runs: "Promoting 1.4.2 to production". */
  doing: string;
  /** When it is done: "Promoted 1.4.2 to production". A deletion says what it freed. */
  done: string;
}

export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

export function undoWords(what: string): ChangeWords {
  return { what: `the undoing of ${what}`, doing: `Undoing ${what}`, done: `Undid ${what}` };
}

export function finishWords(what: string): ChangeWords {
  return { what: `the rest of ${what}`, doing: `Finishing ${what}`, done: `Finished ${what}` };
}

export function rollBackWords(what: string): ChangeWords {
  return { what: `the rolling back of ${what}`, doing: `Rolling back ${what}`, done: `Rolled back ${what}` };
}

/** Tags and digests that are deleted by these steps. */
export function deletionOf(steps: readonly PlannedStep[]): { tags: number; digests: number } {
  const digests = new Set<string>();
  let tags = 0;
  for (const step of steps) {
    if (step.action === "delete-manifest") digests.add(step.reference);
    if (step.action === "delete-manifest" || step.action === "delete-tag") tags += step.tags.length;
  }
  return { tags, digests: digests.size };
}

/** `13 tags and 35 digests`, `1 tag`, `3 digests`. */
export function goneWords({ tags, digests }: { tags: number; digests: number }): string {
  const parts = [tags > 0 ? counted(tags, "tag") : null, digests > 0 ? counted(digests, "digest") : null];
  return parts.filter((part) => part !== null).join(" and ");
}

/** `freed`: how much, in words. */
export function deletionWords({ steps, reclaimedBytes }: Plan, freed: string): ChangeWords {
  const gone = goneWords(deletionOf(steps));
  return {
    what: `the deletion of ${gone}`,
    doing: `Deleting ${gone}`,
    done: `Deleted ${gone}${reclaimedBytes > 0 ? `, ${freed} freed` : ""}`,
  };
}

/** What stands below "… was done in part": how much, and the first reason. */
export function shortfall({ done, failed, skipped, plan }: Outcome): string {
  const far = done.length === 0 ? "Nothing was changed" : `${done.length} of ${counted(plan.steps.length, "step")} done`;
  const [first] = failed;
  return told(far, first?.message ?? skipped[0]?.reason, first?.hint);
}

/** A rejection before anything was sent, or one that only the journal can tell about. */
export function whyFailed({ message, hint }: Problem, executing: boolean): string {
  return told(executing ? "The journal tells how far it came" : "Nothing was changed", message, hint);
}

/** "Nothing was changed: staging has moved. Synchronise and plan again." A message may begin with a tag, which keeps its letters. */
function told(state: string, message: string | undefined, hint: string | null | undefined): string {
  const first = message === undefined ? state : `${state}: ${message}`;
  return [first, capital(hint ?? "")]
    .filter((part) => part !== "")
    .map(ended)
    .join(" ");
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A step of a plan in one line. */
export function stepWords({ action, tags, digest, expectedDigest }: PlannedStep): string {
  const names = tags.join(", ");
  const here = shortDigest(digest);
  switch (action) {
    case "put-manifest":
      if (tags.length === 0) return `${here} is put`;
      return expectedDigest === null ? `${names} is set to ${here}` : `${names} moves from ${shortDigest(expectedDigest)} to ${here}`;
    case "delete-tag":
      return `${names} is removed, ${here} stays`;
    case "delete-manifest":
      return tags.length === 0 ? `${here} is deleted` : `${here} is deleted with ${names}`;
    case "copy-blob":
      return `Blob ${here} is copied`;
    case "mount-blob":
      return `Blob ${here} is mounted`;
    default:
      return `${action} ${here}`;
  }
}

/** What a deletion of the journal took away: "5 of 6 versions", "19 versions, 41 tags", "3 digests". */
export function goneFrom({ planned, done }: JournalEntry): string {
  const parts: [number, number, string][] = [
    [done.versions, planned.versions, "version"],
    [done.tags, planned.tags, "tag"],
    [done.digests, planned.digests, "digest"],
    [done.steps, planned.steps, "step"],
  ];
  const known = parts.filter(([, all]) => all > 0);
  const [first, second] = known;
  if (first === undefined) return "nothing";
  const [reached, all, noun] = first;
  if (reached < all) return `${formatCount(reached)} of ${counted(all, noun)}`;
  const alsoTags = noun === "version" && second?.[2] === "tag";
  return alsoTags ? `${counted(all, noun)}, ${counted(second[1], "tag")}` : counted(all, noun);
}

/** Connections that a change touched: "GHCR to ECR", "GHCR". Where its backup went stands elsewhere. */
export function whereWords({ sources, targets, repositories, backups }: JournalEntry): string {
  const about = (name: string) => backups.length === 0 || repositories.some((repository) => repository.startsWith(`${name}/`));
  const to = targets.filter(about).join(", ");
  return sources.length === 0 ? to : `${sources.join(", ")} to ${to}`;
}

/** What a change freed (less than 0) or moved. */
export function movedBytes({ planned, done }: JournalEntry): number {
  return planned.digests > 0 ? -done.bytes : done.bytes;
}

/** Enter never confirms these. */
export function deletes(steps: readonly PlannedStep[]): boolean {
  return steps.some((step) => step.action.startsWith("delete-"));
}

const nouns: Record<string, string> = {
  promote: "promotion",
  rollback: "roll-back",
  prune: "clean-up",
  delete: "deletion",
  copy: "copy",
  undo: "undo",
};

/** "Promotion", "Clean-up": what a change of the journal is called. */
export function kindName(kind: string): string {
  return capital(nouns[kind] ?? kind);
}

/** `GHCR/vision/x` → `vision/x`; a connection's name may hold slashes itself, so the known names decide. */
export function splitRepository(full: string, connections: readonly { id: string; name: string }[]) {
  const connection = connections.find(({ name }) => full.startsWith(`${name}/`));
  return connection === undefined
    ? { connection: null, repository: full }
    : { connection, repository: full.slice(connection.name.length + 1) };
}

/** Its tags; more than the journal's list names are counted. */
function tagList({ tags, planned }: JournalEntry): string {
  const more = planned.tags - tags.length;
  return more > 0 ? `${tags.join(", ")} and ${more} more` : tags.join(", ");
}

/** A change of the journal as a noun: "the promotion to production in GHCR/vision/x". */
export function entryNoun(entry: JournalEntry): string {
  const noun = nouns[entry.kind] ?? entry.kind;
  const [tag] = entry.tags;
  const many = entry.repositories.length > 1 ? ` and ${entry.repositories.length - 1} more` : "";
  const where = `${entry.repositories[0] ?? "no repository"}${many}`;
  if ((entry.kind === "promote" || entry.kind === "rollback") && tag !== undefined)
    return `the ${noun} ${entry.kind === "promote" ? "to" : "of"} ${tagList(entry)} in ${where}`;
  return `the ${noun} ${entry.kind === "copy" ? "to" : "of"} ${where}`;
}
