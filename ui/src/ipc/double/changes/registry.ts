/** The registries of the double as changes find and leave them: where tags point, and how a step moves them. */

import type { PlannedStep } from "../../bindings";
import { versionsOf } from "../answerVersions";
import { type KeptVersion, tagLabel } from "../data/versions";
import type { World } from "../world";
import { type At, placeKey } from "./state";

export function nameOf(world: World, { connectionId, repository }: At): string {
  const connection = world.connections.find((one) => one.id === connectionId);
  return `${connection?.name ?? connectionId}/${repository}`;
}

export function versionAt(world: World, at: At, digest: string): KeptVersion | undefined {
  return versionsOf(world, at.connectionId, at.repository).find((one) => one.row.digest === digest);
}

/** What a tag points at; null where there is none. */
export function pointedAt(world: World, at: At, tag: string): string | null {
  const found = versionsOf(world, at.connectionId, at.repository).find((one) => one.row.tags.some((label) => label.name === tag));
  return found?.row.digest ?? null;
}

/** Does a step as the registry would. */
export function applyStep(world: World, at: At, step: PlannedStep): void {
  const gone = step.action === "delete-manifest" ? versionAt(world, at, step.digest) : undefined;
  if (gone !== undefined) world.changes.gone.set(step.digest, gone);
  const back = step.action === "put-manifest" ? world.changes.gone.get(step.digest) : undefined;
  const before = versionsOf(world, at.connectionId, at.repository);
  const known = back === undefined || before.includes(back) ? before : [...before, { ...back, row: { ...back.row, tags: [] } }];
  const label = (name: string) => tagLabel(name, world.settings.channels.find((one) => one.name === name)?.mark ?? null);
  const after = known
    .filter((one) => step.action !== "delete-manifest" || one.row.digest !== step.digest)
    .map((one) => {
      const left = one.row.tags.filter((tag) => !step.tags.includes(tag.name));
      const gets = step.action === "put-manifest" && one.row.digest === step.digest;
      if (!gets && left.length === one.row.tags.length) return one;
      const [first, ...others] = left;
      const moved = step.tags.map(label);
      // As the program has them: its name first, then what just came.
      const tags = !gets ? left : first === undefined ? moved : [first, ...moved, ...others];
      return { ...one, row: { ...one.row, tags } };
    });
  world.changes.versions.set(placeKey(at), after);
  world.revision += 1;
}
