/** Backups in the double: what a deletion takes is put into a folder first, as steps of the same plan. */
import type { BackupPlace, Plan, PlannedStep } from "../../bindings";
import { problem } from "../operation";
import { digestOf } from "../random";
import type { World } from "../world";
import { nameOf, pointedAt, versionAt } from "./registry";
import type { At, KeptPlan } from "./state";

export function backedUp(world: World, kept: KeptPlan, backup: BackupPlace | null): KeptPlan {
  if (backup === null) return kept;
  const folder = world.connections.find((one) => one.id === backup.connectionId);
  if (folder?.provider !== "folder")
    throw { ...problem("invalidInput", `${folder?.name ?? "It"} is a registry; a backup goes into a folder`), retryable: false };
  const { plan } = kept;
  const steps: PlannedStep[] = [];
  const at: At[] = [];
  const targets = new Map<string, At>();
  for (const [place, step] of plan.steps.entries()) {
    const from = kept.at[place];
    if (from === undefined || step.action !== "delete-manifest") continue;
    const to: At = { connectionId: backup.connectionId, repository: [backup.prefix, from.repository].filter(Boolean).join("/") };
    if (nameOf(world, to) === nameOf(world, from))
      throw {
        ...problem("invalidInput", `${from.repository} would be backed up into itself`, "Name another folder, or a place in it."),
        retryable: false,
      };
    targets.set(nameOf(world, to), to);
    for (const one of stepsOf(world, from, to, step)) {
      if (steps.some((known) => known.reference === one.reference)) continue;
      steps.push(one);
      at.push(to);
    }
  }
  if (steps.length === 0) return kept;
  const all = [...steps, ...plan.steps];
  const whole: Plan = {
    ...plan,
    planId: digestOf(`backup ${plan.planId} ${JSON.stringify(steps)}`).slice(7, 23),
    steps: all,
    versions: plan.versions.map((version) => ({ ...version, steps: version.steps.map((place) => place + steps.length) })),
    warnings: promised(plan.warnings),
    backups: [...targets.keys()].sort(),
  };
  return { plan: whole, request: kept.request, at: [...at, ...kept.at] };
}

function stepsOf(world: World, from: At, to: At, { digest, tags }: PlannedStep): PlannedStep[] {
  const target = nameOf(world, to);
  const name = tags[0] ?? digest.slice(7, 15);
  const reason = `the backup of ${name}`;
  const step = (action: string, reference: string, of: string, bytes: number, tag: string | null = null): PlannedStep => ({
    action,
    reference,
    digest: of,
    expectedDigest: tag === null ? null : pointedAt(world, to, tag),
    tags: tag === null ? [] : [tag],
    reason,
    bytes,
  });
  const layers = versionAt(world, from, digest)?.row.layers ?? [];
  return [
    ...layers.map((layer) => step("copy-blob", `${target}@${layer.digest}`, layer.digest, layer.sizeBytes)),
    step("put-manifest", `${target}@${digest}`, digest, 1_610),
    ...tags.map((tag) => step("put-manifest", `${target}:${tag}`, digest, 1_610, tag)),
  ];
}

/** What the registry keeps does not matter to the undo any more. */
function promised(warnings: readonly string[]): string[] {
  const others = warnings
    .filter((warning) => !/: this (cannot|can) be undone/.test(warning))
    .map((warning) => warning.replace(/; until then this can be undone$/, ""));
  return [...others, "This can be undone for as long as the backup is kept"];
}
