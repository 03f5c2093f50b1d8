/** The same change once more, planned anew: for what was done in part or failed. Pure, but for `openNewPlan`. */
import { go } from "../../../app/navigation";
import type { ChangeRequest, ConnectionInfo, JournalDetail, PlannedStep, RepositoryPlace, SavedPolicy } from "../../../ipc";
import { chooseToDelete } from "../plan/chosen";
import { keepPolicy } from "../plan/keptRules";
import { askForPlan } from "../running/planDialog";
import { capital, entryNoun, splitRepository } from "../running/words";

export type NewPlan =
  /** By the policy, or by the rules that were last on the page. */
  | { kind: "prune"; at: RepositoryPlace; policy: SavedPolicy | null }
  /** What is still there of what was chosen. */
  | { kind: "delete"; at: RepositoryPlace; tags: string[]; digests: string[] }
  | { kind: "copy"; at: RepositoryPlace; digest: string }
  | { kind: "ask"; request: ChangeRequest; verb: string };

const unfinished: ReadonlySet<string> = new Set(["partial", "failed", "cancelled"]);

/** null: it came to its end, or what it was about is not known any more. */
export function newPlanOf(
  { entry, steps, copiedFrom }: JournalDetail,
  connections: readonly ConnectionInfo[],
  policies: readonly SavedPolicy[],
): NewPlan | null {
  const { connection, repository } = splitRepository(entry.repositories[0] ?? "", connections);
  if (!unfinished.has(entry.state) || connection === null) return null;
  const at: RepositoryPlace = { connectionId: connection.id, repository };
  const left = steps.filter((one) => one.state !== "done").map((one) => one.step);
  switch (entry.kind) {
    case "prune":
      return { kind: "prune", at, policy: policies.find((one) => one.name === entry.policy && one.rules !== null) ?? null };
    case "delete":
      return deletion(at, left);
    case "undo":
      return entry.undoes === null ? null : { kind: "ask", request: { kind: "undo", id: entry.undoes }, verb: "Undo" };
    case "rollback": {
      const [channel] = entry.tags;
      return channel === undefined ? null : { kind: "ask", request: { kind: "rollback", ...at, channel }, verb: "Roll back" };
    }
    default:
      return moving(
        entry.kind,
        at,
        steps.map((one) => one.step),
        copiedFrom,
      );
  }
}

/** Tags are judged by what they hold now; what has no tag, by its digest. */
function deletion(at: RepositoryPlace, left: readonly PlannedStep[]): NewPlan | null {
  const going = left.filter((step) => step.action.startsWith("delete-"));
  const tags = going.flatMap((step) => step.tags).filter((tag) => !tag.startsWith("sha256-"));
  const digests = tags.length > 0 ? [] : [...new Set(going.map((step) => step.digest))];
  return tags.length + digests.length === 0 ? null : { kind: "delete", at, tags, digests };
}

function moving(kind: string, at: RepositoryPlace, steps: readonly PlannedStep[], from: RepositoryPlace | null): NewPlan | null {
  const last = steps.findLast((step) => step.action === "put-manifest" && step.tags.length > 0);
  const [to] = last?.tags ?? [];
  if (last === undefined || to === undefined) return null;
  if (from !== null) return { kind: "copy", at: from, digest: last.digest };
  const alone = steps.every((step) => step.action === "put-manifest" && step.digest === last.digest);
  return kind === "promote" && alone
    ? { kind: "ask", request: { kind: "promote", ...at, digest: last.digest, to }, verb: "Promote" }
    : null;
}

/** Leads to the page or the dialog that shows it; nothing is changed before somebody confirms it there. */
export function openNewPlan(plan: NewPlan, { entry }: JournalDetail): void {
  if (plan.kind === "ask") {
    const what = entryNoun(entry);
    const words = { what, doing: `Making ${what} again`, done: `Made ${what} again` };
    askForPlan({ request: plan.request, words, title: `${capital(what.replace(/^the /, ""))}, planned anew`, verb: plan.verb });
    return;
  }
  const { kind, at } = plan;
  if (kind === "prune" && plan.policy !== null) keepPolicy(at, plan.policy);
  if (kind === "delete") chooseToDelete({ ...at, tags: plan.tags, digests: plan.digests });
  if (kind === "copy") go({ page: "copy", change: entry.kind === "promote" ? "promote" : "copy", ...at, digest: plan.digest, by: null });
  else go({ page: "plan", ...at, change: kind });
}
