/** From verdicts to a plan: a version goes whole or stays, and takes along what is only its own. */
import type {
  Along,
  ConnectionInfo,
  GoingVersion,
  GoReason,
  KeepReason,
  KeptTag,
  Plan,
  PlannedStep,
  ProtectedDigest,
  UnreadablePart,
} from "../../bindings";
import type { KeptVersion } from "../data/versions";
import { digestOf } from "../random";
import type { Judge, Verdict } from "./judge";
import { textOf } from "./reasons";

interface Part {
  digest: string;
  tags: string[];
  belongs: boolean;
  as: keyof Along;
}

/** The platforms of an index, and what points at it. */
function partsOf({ row }: KeptVersion): Part[] {
  const parts: Part[] = [];
  if (row.platforms.length > 1) {
    for (const platform of row.platforms)
      parts.push({ digest: digestOf(`${row.digest} ${platform}`), tags: [], belongs: false, as: "platforms" });
    for (const platform of row.platforms)
      parts.push({ digest: digestOf(`${row.digest} sbom ${platform}`), tags: [], belongs: true, as: "sboms" });
  }
  const signature = `${row.digest.replace(":", "-")}.sig`;
  if (row.signed) parts.push({ digest: digestOf(`${row.digest} signature`), tags: [signature], belongs: true, as: "signatures" });
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
  /** Versions that go, and those of which tags go; their sizes are not known yet. */
  told: GoingVersion[];
  after: KeptVersion[];
  deletedTags: number;
}

type Judged = { tag: string; verdict: Verdict };

function goes(verdict: Verdict): verdict is Extract<Verdict, { goes: string }> {
  return verdict !== null && "goes" in verdict;
}

export function planOf({ connection, repository, versions, judge, kind }: Planning): Plan {
  const draft: Draft = {
    at: `${connection.name}/${repository}`,
    steps: [],
    kept: [],
    guarded: [],
    going: [],
    told: [],
    after: [],
    deletedTags: 0,
  };
  const unreadable = unreadableOf(draft.at, versions);
  for (const version of versions) {
    const judged = version.row.tags.map((tag) => ({ tag: tag.name, verdict: judge.tag(tag.name, version) }));
    if (unreadable.length > 0) stop(draft, version, judged);
    else decide(draft, version, judged, judge, connection);
  }
  const { steps, kept, going, deletedTags } = draft;
  const all = versions.reduce((sum, version) => sum + version.row.tags.length, 0);
  const protectedByHand = kind === "delete" && going.some(({ row }) => row.tags.some((tag) => tag.protected));
  return {
    kind,
    planId: digestOf(JSON.stringify(steps.map((one) => [one.action, one.reference, one.expectedDigest]))).slice(7, 23),
    steps,
    kept,
    protected: draft.guarded,
    unreadable,
    reclaimedBytes: freed(draft),
    versions: draft.told,
    storedBytes: storedOf(versions),
    deletedTags,
    warnings: going.length > 0 ? warningsOf(connection, repository) : [],
    requirements: [],
    typedName: deletedTags > all / 2 || protectedByHand ? repository : null,
    transfer: null,
    backups: [],
    overtaken: [],
  };
}

function unreadableOf(at: string, versions: KeptVersion[]): UnreadablePart[] {
  return versions
    .filter((version) => version.row.problem !== null)
    .map(({ row }) => ({ repository: at, reference: `${at}:${row.tags[0]?.name ?? row.digest}`, problem: row.problem?.message ?? "" }));
}

function keep({ kept, at }: Draft, version: KeptVersion, tag: string, why: KeepReason): void {
  kept.push({ repository: at, tag, digest: version.row.digest, reason: textOf(why), why });
}

/** Nothing goes in a repository that cannot be read in full. */
function stop(draft: Draft, version: KeptVersion, judged: Judged[]): void {
  for (const { tag, verdict } of judged) if (verdict !== null) keep(draft, version, tag, { kind: "unreadable" });
  draft.after.push(version);
}

function decide(draft: Draft, version: KeptVersion, judged: Judged[], judge: Judge, connection: ConnectionInfo): void {
  const { row } = version;
  const own = row.tags.length === 0 ? judge.leftover(version) : null;
  const first = judged.find(({ verdict }) => !goes(verdict));
  if (row.tags.length === 0 ? goes(own) : first === undefined) {
    draft.going.push(version);
    draft.deletedTags += row.tags.length;
    const verdict = judged.map((one) => one.verdict).find(goes) ?? (goes(own) ? own : null);
    const first = draft.steps.length;
    addVersion(draft.steps, draft.at, version, verdict?.goes ?? "");
    const places = draft.steps.slice(first).map((_, position) => first + position);
    draft.told.push(
      toldOf(
        draft,
        version,
        row.tags.map((tag) => tag.name),
        places,
        verdict?.why ?? [],
        true,
      ),
    );
    return;
  }
  if (own !== null && !goes(own))
    draft.guarded.push({ repository: draft.at, digest: row.digest, because: "too young, or of unknown age", why: { kind: "age" } });
  const alone = judged.filter(({ tag, verdict }) => goesAlone(draft, version, { tag, verdict }, first?.tag ?? "", connection));
  const names = new Set(alone.map(({ tag }) => tag));
  draft.deletedTags += names.size;
  draft.after.push(names.size === 0 ? version : { ...version, row: { ...row, tags: row.tags.filter((tag) => !names.has(tag.name)) } });
  for (const part of judge.untagged ? partsOf(version) : [])
    draft.guarded.push({
      repository: draft.at,
      digest: part.digest,
      because: `${part.belongs ? "belongs to" : "part of"} ${row.shortDigest}`,
      why: { kind: part.belongs ? "referrerOf" : "childOf", digest: row.digest },
    });
}

/** Whether a tag goes although its version stays; writes down what becomes of it. */
function goesAlone(draft: Draft, version: KeptVersion, { tag, verdict }: Judged, staying: string, connection: ConnectionInfo): boolean {
  if (verdict === null) return false;
  if (!goes(verdict)) keep(draft, version, tag, verdict.stays);
  else if (!verdict.alone) keep(draft, version, tag, { kind: "sameVersion", tag: staying });
  else if (connection.provider === "gitLab") keep(draft, version, tag, { kind: "cannotGoAlone" });
  else {
    const told = draft.told.find((one) => one.repository === draft.at && one.digest === version.row.digest);
    if (told === undefined) draft.told.push(toldOf(draft, version, [tag], [draft.steps.length], verdict.why, false));
    else {
      told.tags.push(tag);
      told.steps.push(draft.steps.length);
    }
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

function toldOf({ at }: Draft, version: KeptVersion, tags: string[], steps: number[], why: GoReason[], whole: boolean): GoingVersion {
  const along: Along = { platforms: 0, sboms: 0, attestations: 0, signatures: 0, others: 0 };
  for (const part of whole ? partsOf(version) : []) along[part.as] += 1;
  const none = { sizeBytes: 0, freed: [], freedBytes: 0, onlyHereBytes: 0 };
  return { repository: at, digest: version.row.digest, tags, whole, steps, along, why, ...none };
}

function storedOf(versions: KeptVersion[]): number {
  const sizes = new Map(versions.flatMap(({ row }) => row.layers.map((layer) => [layer.digest, layer.sizeBytes] as const)));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Writes to each step and version what it frees, each blob at the first step that does, and gives the sum. */
function freed({ steps, told, going, after }: Draft): number {
  const used = new Set(after.flatMap((version) => version.row.layers.map((layer) => layer.digest)));
  const byDigest = new Map(going.map((version) => [version.row.digest, version]));
  const holders = new Map<string, number>();
  for (const { row } of going) for (const { digest } of row.layers) holders.set(digest, (holders.get(digest) ?? 0) + 1);
  for (const one of told.filter(({ whole }) => whole)) {
    const layers = byDigest.get(one.digest)?.row.layers ?? [];
    one.freed = layers.filter((layer) => !used.has(layer.digest));
    one.sizeBytes = layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
    one.freedBytes = one.freed.reduce((sum, layer) => sum + layer.sizeBytes, 0);
    one.onlyHereBytes = one.freed.reduce((sum, layer) => sum + (holders.get(layer.digest) === 1 ? layer.sizeBytes : 0), 0);
  }
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
