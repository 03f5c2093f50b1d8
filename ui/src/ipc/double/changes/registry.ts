/** The registries of the double as changes find and leave them: where tags point, and how steps move them. */
import type { PlannedStep } from "../../bindings";
import { firstVersionsOf, versionsOf } from "../answerVersions";
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

/** By tag: the digest that it points at. A list is not changed, another takes its place. */
const pointers = new WeakMap<KeptVersion[], Map<string, string>>();

function pointersOf(versions: KeptVersion[]): Map<string, string> {
  const known = pointers.get(versions) ?? new Map(versions.flatMap(({ row }) => row.tags.map((tag) => [tag.name, row.digest] as const)));
  pointers.set(versions, known);
  return known;
}

/** What a tag points at; null where there is none. */
export function pointedAt(world: World, at: At, tag: string): string | null {
  return pointersOf(versionsOf(world, at.connectionId, at.repository)).get(tag) ?? null;
}

/** Does steps in one place as the registry would. */
export function applySteps(world: World, at: At, steps: readonly PlannedStep[]): void {
  const before = versionsOf(world, at.connectionId, at.repository);
  const now = new Map(before.map((version) => [version.row.digest, version]));
  const holders = new Map(pointersOf(before));
  const tag = (digest: string, change: (tags: KeptVersion["row"]["tags"]) => KeptVersion["row"]["tags"]) => {
    const version = now.get(digest);
    if (version !== undefined) now.set(digest, { ...version, row: { ...version.row, tags: change(version.row.tags) } });
  };
  let isBack = false;
  for (const step of steps) {
    if (step.action === "delete-manifest") {
      const gone = now.get(step.digest);
      if (gone !== undefined) world.changes.gone.set(step.digest, gone);
      now.delete(step.digest);
      continue;
    }
    const back = step.action === "put-manifest" && !now.has(step.digest) ? world.changes.gone.get(step.digest) : undefined;
    if (back !== undefined) {
      now.set(step.digest, { ...back, row: { ...back.row, tags: [] } });
      isBack = true;
    }
    for (const name of step.tags) {
      tag(holders.get(name) ?? "", (tags) => tags.filter((one) => one.name !== name));
      holders.delete(name);
      if (step.action === "put-manifest") holders.set(name, step.digest);
    }
    if (step.action !== "put-manifest") continue;
    const moved = step.tags.map((name) => tagLabel(name, world.settings.channels.find((one) => one.name === name)?.mark ?? null));
    // As the program has them: its name first, then what just came.
    tag(step.digest, ([first, ...others]) => (first === undefined ? moved : [first, ...moved, ...others]));
  }
  const after = [...now.values()];
  world.changes.versions.set(placeKey(at), isBack ? inFirstOrder(world, at, after) : after);
  world.revision += 1;
}

/** What is put back stands where it stood. */
function inFirstOrder(world: World, { connectionId, repository }: At, versions: KeptVersion[]): KeptVersion[] {
  const places = new Map(firstVersionsOf(world, connectionId, repository).map(({ row }, place) => [row.digest, place]));
  return versions.sort((left, right) => (places.get(left.row.digest) ?? 0) - (places.get(right.row.digest) ?? 0));
}
