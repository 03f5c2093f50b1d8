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

/** What has been decided so far. */
interface Draft {
  at: string;
  steps: PlannedStep[];
  kept: KeptTag[];
  guarded: ProtectedDigest[];
  going: KeptVersion[];
  after: KeptVersion[];
  deletedTags: number;
}

type Judged = { tag: string; verdict: Verdict };

function goes(verdict: Verdict): verdict is Extract<Verdict, { goes: string }> {
  return verdict !== null && "goes" in verdict;
}

export function planOf({ connection, repository, versions, judge, kind }: Planning): Plan {
  const draft: Draft = { at: `${connection.name}/${repository}`, steps: [], kept: [], guarded: [], going: [], after: [], deletedTags: 0 };
  const unreadable = unreadableOf(draft.at, versions);
  for (const version of versions) {
    const judged = version.row.tags.map((tag) => ({ tag: tag.name, verdict: judge.tag(tag.name, version) }));
    if (unreadable.length > 0) stop(draft, version, judged);
    else decide(draft, version, judged, judge, connection);
  }
  const { steps, kept, going, after, deletedTags } = draft;
  const all = versions.reduce((sum, version) => sum + version.row.tags.length, 0);
  const protectedByHand = kind === "delete" && going.some(({ row }) => row.tags.some((tag) => tag.protected));
  return {
    kind,
    planId: digestOf(JSON.stringify(steps.map((one) => [one.action, one.reference, one.expectedDigest]))).slice(7, 23),
    steps,
    kept,
    protected: draft.guarded,
    unreadable,
    reclaimedBytes: freed(steps, going, after),
    deletedTags,
    warnings: going.length > 0 ? warningsOf(connection, repository) : [],
    requirements: [],
    typedName: deletedTags > all / 2 || protectedByHand ? repository : null,
    transfer: null,
  };
}

function unreadableOf(at: string, versions: KeptVersion[]): UnreadablePart[] {
  return versions
    .filter((version) => version.row.problem !== null)
    .map(({ row }) => ({ reference: `${at}:${row.tags[0]?.name ?? row.digest}`, problem: row.problem?.message ?? "" }));
}

function keep({ kept, at }: Draft, version: KeptVersion, tag: string, reason: string): void {
  kept.push({ repository: at, tag, digest: version.row.digest, reason });
}

/** Nothing goes in a repository that cannot be read in full. */
function stop(draft: Draft, version: KeptVersion, judged: Judged[]): void {
  for (const { tag, verdict } of judged) if (verdict !== null) keep(draft, version, tag, "the repository could not be read in full");
  draft.after.push(version);
}

function decide(draft: Draft, version: KeptVersion, judged: Judged[], judge: Judge, connection: ConnectionInfo): void {
  const { row } = version;
  const own = row.tags.length === 0 ? judge.leftover(version) : null;
  const first = judged.find(({ verdict }) => !goes(verdict));
  if (row.tags.length === 0 ? goes(own) : first === undefined) {
    draft.going.push(version);
    draft.deletedTags += row.tags.length;
    addVersion(draft.steps, draft.at, version, judged.map(({ verdict }) => verdict).find(goes)?.goes ?? (goes(own) ? own.goes : ""));
    return;
  }
  if (own !== null && !goes(own)) draft.guarded.push({ repository: draft.at, digest: row.digest, because: own.stays });
  const alone = judged.filter(({ tag, verdict }) => goesAlone(draft, version, { tag, verdict }, first?.tag ?? "", connection));
  const names = new Set(alone.map(({ tag }) => tag));
  draft.deletedTags += names.size;
  draft.after.push(names.size === 0 ? version : { ...version, row: { ...row, tags: row.tags.filter((tag) => !names.has(tag.name)) } });
  for (const part of judge.untagged ? partsOf(version) : [])
    draft.guarded.push({
      repository: draft.at,
      digest: part.digest,
      because: `${part.belongs ? "belongs to" : "part of"} ${row.shortDigest}`,
    });
}

/** Whether a tag goes although its version stays; writes down what becomes of it. */
function goesAlone(draft: Draft, version: KeptVersion, { tag, verdict }: Judged, staying: string, connection: ConnectionInfo): boolean {
  if (verdict === null) return false;
  if (!goes(verdict)) keep(draft, version, tag, verdict.stays);
  else if (!verdict.alone) keep(draft, version, tag, `same version as ${staying}`);
  else if (connection.provider === "gitLab") keep(draft, version, tag, "this registry cannot delete it alone");
  else {
    draft.steps.push(step("delete-tag", `${draft.at}:${tag}`, version.row.digest, [tag], verdict.goes));
    return true;
  }
  return false;
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
