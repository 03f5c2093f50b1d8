/** Saved policies of the double. */
import type { CoveredRepository, PolicyDraft, PruneRules, SavedPolicy } from "../bindings";
import { covers } from "./changes/judge";
import { problem } from "./operation";
import type { World } from "./world";

export interface KeptPolicy {
  name: string;
  patterns: string[];
  rules: PruneRules;
}

const noRules: PruneRules = {
  matching: null,
  keepLast: null,
  keepLastReleases: null,
  groupBy: null,
  olderThan: null,
  notPulledFor: null,
  keep: [],
  keepSemver: false,
  untagged: false,
  eachTag: false,
};

/** The policy of the picture. */
export const picturePolicies: readonly KeptPolicy[] = [
  {
    name: "Quarterly clean-up",
    patterns: ["GHCR/vision/defect-detector", "vision/pcb-ocr"],
    rules: { ...noRules, keepLastReleases: 5, olderThan: "90d", keep: ["line-*"] },
  },
];

export function coveredBy(world: World, patterns: readonly string[]): CoveredRepository[] {
  return world.connections.flatMap(({ id, name }) =>
    world
      .repositories(id)
      .filter((one) => covers(patterns, one.name) || covers(patterns, `${name}/${one.name}`))
      .map((one) => ({ connectionId: id, connection: name, repository: one.name, tags: one.tags })),
  );
}

export function savedPolicies(world: World): SavedPolicy[] {
  return world.policies.map((policy) => ({ ...policy, problem: null, covers: coveredBy(world, policy.patterns) }));
}

export function savePolicy(world: World, { name, patterns, rules, replaces }: PolicyDraft): null {
  const place = world.policies.findIndex((policy) => policy.name === replaces);
  const twin = world.policies.findIndex((policy) => policy.name.toLowerCase() === name.toLowerCase());
  if (twin >= 0 && twin !== place)
    throw {
      ...problem("conflict", `${name} is saved already, with other rules`, "Choose another name, or replace what is saved."),
      retryable: false,
    };
  const kept = { name, patterns, rules };
  world.policies = place < 0 ? [...world.policies, kept] : world.policies.map((policy, position) => (position === place ? kept : policy));
  return null;
}

export function removePolicy(world: World, name: string): null {
  world.policies = world.policies.filter((policy) => policy.name !== name);
  return null;
}

/** The file of the double holds the policy of the picture with one rule more. */
export function importPolicies(world: World, replace: boolean): string[] {
  const [read] = picturePolicies;
  if (read === undefined) return [];
  const known = world.policies.some((policy) => policy.name === read.name);
  if (known && !replace)
    throw {
      ...problem("conflict", `${read.name} is saved already, with other rules`, "Choose another name, or replace what is saved."),
      retryable: false,
    };
  savePolicy(world, { ...read, rules: { ...read.rules, untagged: true }, replaces: known ? read.name : null });
  return [read.name];
}
