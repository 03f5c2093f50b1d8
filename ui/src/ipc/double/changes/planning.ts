/** From verdicts to a plan: a version goes whole or stays, and takes along what is only its own. */
import type { ConnectionInfo, KeptTag, Plan, PlannedStep, ProtectedDigest, UnreadablePart } from "../../bindings";
import type { KeptVersion } from "../data/versions";
import { digestOf } from "../random";
import type { Judge, Verdict } from "./judge";

interface Part {
  digest: string;
  tags: string[];
  belongs: boolean;
}

/** The platforms of an index, and what points at it. */
function partsOf({ row }: KeptVersion): Part[] {
  const parts: Part[] = [];
  if (row.platforms.length > 1) {
    for (const platform of row.platforms) parts.push({ digest: digestOf(`${row.digest} ${platform}`), tags: [], belongs: false });
    for (const platform of row.platforms) parts.push({ digest: digestOf(`${row.digest} sbom ${platform}`), tags: [], belongs: true });
  }
  const signature = `${row.digest.replace(":", "-")}.sig`;
  if (row.signed) parts.push({ digest: digestOf(`${row.digest} signature`), tags: [signature], belongs: true });
  return parts;
}

interface Planning {
  connection: ConnectionInfo;
  repository: string;
  versions: KeptVersion[];
  judge: Judge;
  kind: Plan["kind"];
}

export function planOf(given: Planning): { plan: Plan; after: KeptVersion[] } {
  const { connection, repository, versions, judge, kind } = given;
  const at = `${connection.name}/${repository}`;
  const steps: PlannedStep[] = [];
  const kept: KeptTag[] = [];
  const guarded: ProtectedDigest[] = [];
  const after: KeptVersion[] = [];
  const unreadable: UnreadablePart[] = versions
    .filter((version) => version.row.problem !== null)
    .map(({ row }) => ({ reference: `${at}:${row.tags[0]?.name ?? row.digest}`, problem: row.problem?.message ?? "" }));
  const going: KeptVersion[] = [];
  let deletedTags = 0;
  for (const version of versions) {
    const { row } = version;
    const verdicts = row.tags.map((tag) => ({ tag: tag.name, verdict: judge.tag(tag.name, version) }));
    const keep = (tag: string, reason: string) => kept.push({ repository: at, tag, digest: row.digest, reason });
    const goes = (verdict: Verdict): verdict is Extract<Verdict, { goes: string }> => verdict !== null && "goes" in verdict;
    if (unreadable.length > 0) {
      for (const { tag, verdict } of verdicts) if (verdict !== null) keep(tag, "the repository could not be read in full");
      after.push(version);
      continue;
    }
    const own = row.tags.length === 0 ? judge.leftover(version) : null;
    const first = verdicts.find(({ verdict }) => !goes(verdict));
    const whole = row.tags.length === 0 ? goes(own) : first === undefined;
    if (whole) {
      const why = verdicts.map(({ verdict }) => verdict).find(goes)?.goes ?? (goes(own) ? own.goes : "");
      going.push(version);
      deletedTags += row.tags.length;
      addVersion(steps, at, version, why);
      continue;
    }
    if (own !== null && !goes(own)) guarded.push({ repository: at, digest: row.digest, because: own.stays });
    const alone: string[] = [];
    for (const { tag, verdict } of verdicts) {
      if (verdict === null) continue;
      if (!goes(verdict)) keep(tag, verdict.stays);
      else if (!verdict.alone) keep(tag, `same version as ${first?.tag ?? ""}`);
      else if (connection.provider === "gitLab") keep(tag, "this registry cannot delete it alone");
      else {
        alone.push(tag);
        deletedTags += 1;
        steps.push(step("delete-tag", `${at}:${tag}`, row.digest, [tag], verdict.goes));
      }
    }
    after.push(alone.length === 0 ? version : { ...version, row: { ...row, tags: row.tags.filter((tag) => !alone.includes(tag.name)) } });
    if (judge.untagged)
      for (const part of partsOf(version))
        guarded.push({
          repository: at,
          digest: part.digest,
          because: `${part.belongs ? "belongs to" : "part of"} ${row.shortDigest}`,
        });
  }
  const all = versions.reduce((sum, version) => sum + version.row.tags.length, 0);
  const byHand = kind === "delete" && kept.length === 0 && going.some(({ row }) => row.tags.some((tag) => tag.protected));
  const plan: Plan = {
    kind,
    planId: digestOf(JSON.stringify(steps.map((one) => [one.action, one.reference, one.expectedDigest]))).slice(7, 23),
    steps,
    kept,
    protected: guarded,
    unreadable,
    reclaimedBytes: freed(steps, going, after),
    deletedTags,
    warnings: going.length > 0 ? warningsOf(connection, repository) : [],
    requirements: [],
    typedName: deletedTags > all / 2 || byHand ? repository : null,
  };
  return { plan, after };
}

function step(action: string, reference: string, digest: string, tags: string[], reason: string): PlannedStep {
  return { action, reference, digest, expectedDigest: digest, tags, reason, bytes: 0 };
}

function addVersion(steps: PlannedStep[], at: string, version: KeptVersion, why: string): void {
  const { row } = version;
  const tags = row.tags.map((tag) => tag.name);
  steps.push(step("delete-manifest", `${at}@${row.digest}`, row.digest, tags, why));
  for (const part of partsOf(version)) {
    const reason = `${part.belongs ? "belongs to" : "part of"} ${row.shortDigest}`;
    steps.push(step("delete-manifest", `${at}@${part.digest}`, part.digest, part.tags, reason));
  }
}

/** Writes to each step what it frees, each blob at the first that does, and gives the sum. */
function freed(steps: PlannedStep[], going: KeptVersion[], staying: KeptVersion[]): number {
  const used = new Set(staying.flatMap((version) => version.row.layers.map((layer) => layer.digest)));
  const byDigest = new Map(going.map((version) => [version.row.digest, version]));
  let total = 0;
  for (const one of steps) {
    for (const layer of byDigest.get(one.digest)?.row.layers ?? []) {
      if (used.has(layer.digest)) continue;
      used.add(layer.digest);
      one.bytes += layer.sizeBytes;
    }
    total += one.bytes;
  }
  return total;
}

function warningsOf({ provider }: ConnectionInfo, repository: string): string[] {
  if (provider === "ghcr") return [`${repository}: this can be undone for 30 days`];
  if (provider === "ecr" || provider === "dockerHub") return [`${repository}: this cannot be undone`];
  return [`${repository}: the space is free only when the registry collects its garbage; until then this can be undone`];
}
