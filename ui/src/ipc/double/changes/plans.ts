/** Plans as the program makes them, and what it refuses. Kinds that nobody needs yet are refused too. */
import type { ChangeRequest, Plan, PlannedStep, Requirement } from "../../bindings";
import { versionsOf } from "../answerVersions";
import { problem } from "../operation";
import { digestOf } from "../random";
import type { World } from "../world";
import { backedUp } from "./backingUp";
import { copying } from "./copying";
import { historyOf } from "./history";
import { judgeChosen, judgeRules } from "./judge";
import { planOf } from "./planning";
import { nameOf, pointedAt, versionAt } from "./registry";
import type { At, KeptChange, KeptPlan } from "./state";

type Request<K extends ChangeRequest["kind"]> = Extract<ChangeRequest, { kind: K }>;

function refused(message: string, hint: string) {
  return { code: "refused", message, hint, retryable: false };
}

export function plan(kind: string, steps: PlannedStep[], part: Partial<Plan> = {}): Plan {
  const planId = digestOf(`${kind} ${JSON.stringify(steps)}`).slice(7, 23);
  return {
    kind,
    planId,
    steps,
    kept: [],
    protected: [],
    unreadable: [],
    reclaimedBytes: 0,
    deletedTags: 0,
    warnings: [],
    requirements: [],
    typedName: null,
    transfer: null,
    versions: [],
    storedBytes: null,
    backups: [],
    overtaken: [],
    ...part,
  };
}

/** Only what the request says and the double holds decides; two looks at the same give the same. */
export function keptPlanOf(world: World, request: ChangeRequest): KeptPlan {
  switch (request.kind) {
    case "prune":
    case "delete":
      return backedUp(world, deletion(world, request), request.backup);
    case "promote":
      return promotion(world, request);
    case "rollback":
      return rollback(world, request);
    case "undo":
      return undo(world, request);
    case "resume":
      return resume(world, request);
    case "copy":
      return copying(world, request);
  }
}

function deletion(world: World, request: Request<"prune" | "delete">): KeptPlan {
  const places: readonly At[] = request.kind === "prune" ? request.repositories : [request];
  const plans = places.map((place) => deletionOf(world, request, place));
  const [only] = plans;
  if (plans.length === 1 && only !== undefined) return { plan: only, request, at: only.steps.map(() => places[0] as At) };
  const steps = plans.flatMap((one) => one.steps);
  const at = plans.flatMap((one, position) => one.steps.map(() => places[position] as At));
  const typed = plans.flatMap((one) => one.typedName ?? []);
  let first = 0;
  const versions = plans.flatMap((one) => {
    const moved = one.versions.map((version) => ({ ...version, steps: version.steps.map((place) => first + place) }));
    first += one.steps.length;
    return moved;
  });
  const sum = (of: (one: Plan) => number) => plans.reduce((all, one) => all + of(one), 0);
  const whole = plan(request.kind, steps, {
    versions,
    kept: plans.flatMap((one) => one.kept),
    protected: plans.flatMap((one) => one.protected),
    unreadable: plans.flatMap((one) => one.unreadable),
    reclaimedBytes: sum((one) => one.reclaimedBytes),
    deletedTags: sum((one) => one.deletedTags),
    storedBytes: sum((one) => one.storedBytes ?? 0),
    warnings: plans.flatMap((one) => one.warnings),
    typedName: typed.length === 0 ? null : typed.join(", "),
  });
  return { plan: whole, request, at };
}

function deletionOf(world: World, request: Request<"prune" | "delete">, { connectionId, repository }: At): Plan {
  const connection = world.connections.find((one) => one.id === connectionId);
  if (connection === undefined) throw problem("notFound", `There is no connection ${connectionId}`);
  const versions = versionsOf(world, connectionId, repository);
  const { protectedTags } = world.settings;
  const judge =
    request.kind === "prune" ? judgeRules(request.rules, versions, protectedTags) : judgeChosen(request, versions, protectedTags);
  const made = planOf({ connection, repository, versions, judge, kind: request.kind });
  const unread = world.wanted === "unread" && repository === "vision/pcb-ocr";
  return unread ? stopped(made, `${connection.name}/${repository}`, versions) : made;
}

/** As in the picture: one tag of a repository cannot be read, and nothing of it goes. */
function stopped(made: Plan, repository: string, versions: ReturnType<typeof versionsOf>): Plan {
  const kept = versions.flatMap(({ row }) =>
    row.tags.map((tag) => ({
      repository,
      tag: tag.name,
      digest: row.digest ?? "",
      reason: "the repository could not be read in full",
      why: { kind: "unreadable" } as const,
    })),
  );
  return plan(made.kind, [], {
    kept,
    unreadable: [{ repository, reference: `${repository}:2.0.0-beta`, problem: "Server error 502 from ghcr.io, 4 tries" }],
    storedBytes: made.storedBytes,
  });
}

/** A tag of a repository that moves; no step where it is there already. */
function move(world: World, at: At, tag: string, digest: string, reason: string): PlannedStep[] {
  const expectedDigest = pointedAt(world, at, tag);
  if (expectedDigest === digest) return [];
  return [{ action: "put-manifest", reference: `${nameOf(world, at)}:${tag}`, digest, expectedDigest, tags: [tag], reason, bytes: 0 }];
}

function requirementsOf(world: World, at: At, digest: string, channel: string): Requirement[] {
  const version = versionAt(world, at, digest);
  if (world.wanted !== "asks" || channel !== "production" || version === undefined) return [];
  const accuracy = version.metrics.accuracy ?? null;
  return [
    { requirement: "a signature", met: version.row.signed, detail: version.row.signed ? "1 signature" : "It has no signature" },
    {
      requirement: "accuracy >= 0.945",
      met: accuracy !== null && accuracy >= 0.945,
      detail: accuracy === null ? "Its accuracy is not known" : `accuracy is ${accuracy}`,
    },
  ];
}

function promotion(world: World, request: Request<"promote">): KeptPlan {
  const { digest, to } = request;
  if (versionAt(world, request, digest) === undefined)
    throw {
      code: "notFound",
      message: `${digest} is not in ${nameOf(world, request)}`,
      hint: "Synchronise the repository.",
      retryable: false,
    };
  const steps = move(world, request, to, digest, "promotion");
  const requirements = requirementsOf(world, request, digest, to);
  return { plan: plan("promote", steps, { requirements }), request, at: steps.map(() => request) };
}

function rollback(world: World, request: Request<"rollback">): KeptPlan {
  const before = historyOf(world, request, request.channel)[1];
  if (before === undefined)
    throw refused(`It is not known where ${request.channel} pointed before`, "Promote the version that it shall point at.");
  if (versionAt(world, request, before.digest) === undefined)
    throw refused(`${before.digest.slice(0, 19)} is not there any more`, "Promote another version.");
  const steps = move(world, request, request.channel, before.digest, "back to where it pointed before");
  return { plan: plan("rollback", steps), request, at: steps.map(() => request) };
}

function changeOf(world: World, id: string): KeptChange {
  const found = world.changes.journal.find((one) => one.entry.id === id);
  if (found === undefined) throw { code: "notFound", message: `There is no change ${id}`, hint: null, retryable: false };
  if (found.entry.state === "running") throw refused(`Change ${id} runs`, "Wait until it ends.");
  return found;
}

function undo(world: World, request: Request<"undo">): KeptPlan {
  const change = changeOf(world, request.id);
  const by = world.changes.journal.find((one) => one.entry.undoes === request.id && one.entry.state === "done");
  if (by !== undefined)
    throw refused(`Change ${request.id} was undone by change ${by.entry.id}`, `To do it again, undo change ${by.entry.id}.`);
  const collected = world.wanted === "collected" && change.steps.some(({ step }) => step.action === "delete-manifest");
  if (collected && change.entry.backups.length === 0)
    throw refused("12 blobs of 9 versions are gone from the registry", "Push them again from where they were built.");
  const lost = collected ? fromBackup(world, change) : [];
  const taken = [...change.steps.entries()].reverse().flatMap(([position, record]) => {
    const place = change.at[position];
    const step = place === undefined || !["done", "begun"].includes(record.state) ? null : backwards(world, place, record.step);
    return place === undefined || step === null ? [] : [{ place, step }];
  });
  const back = [...lost, ...taken];
  if (back.length === 0) throw refused("Nothing of it can be brought back", "No step was done.");
  return {
    plan: plan(
      "undo",
      back.map(({ step }) => step),
    ),
    request,
    at: back.map(({ place }) => place),
  };
}

/** The blobs of a backup on their way to where they were. */
function fromBackup(world: World, { steps, at, entry }: KeptChange): { place: At; step: PlannedStep }[] {
  const place = at[steps.findIndex(({ step }) => step.action === "delete-manifest")];
  if (place === undefined) return [];
  const blobs = steps.filter(({ step, state }) => step.action === "copy-blob" && state === "done");
  const reason = `gone since change ${entry.id}; from its backup`;
  return blobs.map(({ step }) => ({ place, step: { ...step, reference: `${nameOf(world, place)}@${step.digest}`, reason } }));
}

/** The step that takes one back; null where it is as before already, or has nothing to take back. */
function backwards(world: World, place: At, step: PlannedStep): PlannedStep | null {
  const undone = { ...step, reason: "undo" };
  if (step.action.startsWith("delete-")) return { ...undone, action: "put-manifest", expectedDigest: null };
  if (step.action !== "put-manifest") return null;
  const [tag] = step.tags;
  const now = tag === undefined ? null : pointedAt(world, place, tag);
  if (now === step.expectedDigest) return null;
  if (now !== step.digest)
    throw refused(`${tag} points at ${now?.slice(7, 15) ?? "nothing"} by now`, "Promote the version that it shall point at.");
  if (step.expectedDigest === null) return { ...undone, action: "delete-tag", expectedDigest: step.digest };
  return { ...undone, digest: step.expectedDigest, expectedDigest: step.digest };
}

/** What somebody moved meanwhile says so in the journal. */
const moved = /^found |has moved to /;

function resume(world: World, request: Request<"resume">): KeptPlan {
  const change = changeOf(world, request.id);
  const { state } = change.entry;
  if (state === "done" || state === "undone") throw refused(`Change ${request.id} is ${state}: nothing of it is left`, "Make a new plan.");
  const left = [...change.steps.entries()].filter(([, record]) => record.state !== "done");
  const at = left.flatMap(([position]) => change.at[position] ?? []);
  const steps = left.map(([, { step }]) => step);
  const overtaken = left.flatMap(([, { step, message }]) => (moved.test(message ?? "") ? step.tags : []));
  const warnings = overtaken.map((tag) => `${tag} is 4be1907c by now: its step will be skipped; a new plan would judge it again`);
  return { plan: plan(change.entry.kind, steps, { overtaken, warnings }), request, at };
}
