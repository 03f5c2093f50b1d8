/** A copy as a page shows it: what is sent, mounted and there already, and then the manifests in their order. Pure. */
import type { Outcome, Plan, PlannedStep, TransferBlob } from "../../../ipc";
import { counted, shortDigest } from "../../../shared/format";
import type { Part, Parts } from "../running/parts";

export type RowState =
  | { name: "waits" }
  | { name: "sends"; part: Part }
  | { name: "done" }
  | { name: "failed"; message: string }
  | { name: "skipped"; reason: string };

export interface BlobRow {
  key: string;
  /** null: several, named by `label`. */
  digest: string | null;
  label: string;
  count: number;
  platforms: string;
  bytes: number;
  /** Sent so far. */
  doneBytes: number;
  /** Why it is mounted, and from where. */
  from: string;
  state: RowState;
}

export interface OrderRow {
  key: string;
  /** What is put: a name, or the tag. */
  label: string;
  tag: string | null;
  digests: string[];
  /** What the tag holds now, and what becomes of it. */
  moves: { from: string | null; to: string } | null;
  bytes: number;
  state: RowState;
}

export interface Sum {
  blobs: number;
  bytes: number;
}

export interface CopyModel {
  moves: BlobRow[];
  mounted: BlobRow[];
  skipped: BlobRow[];
  order: OrderRow[];
  moved: Sum;
  mount: Sum;
  there: Sum;
  /** Sent so far, of all that moves. */
  sentBytes: number;
  stepsDone: number;
}

/** How it stands: before the start neither is known. */
export interface Running {
  parts: Parts | null;
  outcome: Outcome | null;
}

/** `labels` names layers by their digest; `platforms` are those of the version. */
export function copyModel(plan: Plan, labels: ReadonlyMap<string, string>, platforms: readonly string[], running: Running): CopyModel {
  const blobs = plan.transfer?.blobs ?? [];
  const actionOf = (blob: TransferBlob) => (blob.step === null ? null : (plan.steps[blob.step]?.action ?? null));
  const known = { plan, labels, platforms, running };
  const group = (action: string | null) => blobs.filter((blob) => actionOf(blob) === action).sort((one, other) => other.bytes - one.bytes);
  const [moving, mounting, there] = [group("copy-blob"), group("mount-blob"), group(null)];
  const moves = rowsOf(moving, known);
  return {
    moves,
    mounted: rowsOf(mounting, known),
    skipped: rowsOf(there, known),
    order: orderOf(plan, running),
    moved: sumOf(moving),
    mount: sumOf(mounting),
    there: sumOf(there),
    sentBytes: moves.reduce((sum, row) => sum + row.doneBytes, 0),
    stepsDone: plan.steps.filter((_, step) => stateOf(step, running).name === "done").length,
  };
}

function sumOf(blobs: readonly TransferBlob[]): Sum {
  return { blobs: blobs.length, bytes: blobs.reduce((sum, blob) => sum + blob.bytes, 0) };
}

interface Known {
  plan: Plan;
  labels: ReadonlyMap<string, string>;
  platforms: readonly string[];
  running: Running;
}

/** Layers one by one; configurations and what belongs to signatures in one row, if there are several. */
function rowsOf(blobs: readonly TransferBlob[], known: Known): BlobRow[] {
  const small = blobs.filter((blob) => blob.role !== "layer");
  if (small.length < 2) return blobs.map((blob) => rowOf(blob, known));
  const rows = blobs.filter((blob) => blob.role === "layer").map((blob) => rowOf(blob, known));
  const lumped = small.map((blob) => rowOf(blob, known));
  return [
    ...rows,
    {
      key: "small",
      digest: null,
      label: roleWords(small),
      count: small.length,
      platforms: "each",
      bytes: lumped.reduce((sum, row) => sum + row.bytes, 0),
      doneBytes: lumped.reduce((sum, row) => sum + row.doneBytes, 0),
      from: lumped[0]?.from ?? "",
      state: lumpedState(lumped.map((row) => row.state)),
    },
  ];
}

function rowOf(blob: TransferBlob, { plan, labels, platforms, running }: Known): BlobRow {
  const state: RowState = blob.step === null ? { name: "done" } : stateOf(blob.step, running);
  const sent = state.name === "done" ? blob.bytes : state.name === "sends" ? (state.part.doneBytes ?? 0) : 0;
  return {
    key: blob.digest,
    digest: blob.digest,
    label: labels.get(blob.digest) ?? roleWords([blob]),
    count: 1,
    platforms: platformWords(blob.platforms, platforms),
    bytes: blob.bytes,
    doneBytes: sent,
    from: blob.step === null ? "" : (plan.steps[blob.step]?.reason.split("has it in ")[1] ?? ""),
    state,
  };
}

const roles: [role: string, one: string][] = [
  ["layer", "layer"],
  ["config", "configuration"],
  ["sbom", "SBOM"],
  ["signature", "signature"],
  ["attestation", "attestation"],
];

/** `4 configurations, 2 SBOMs`; one alone without its number. */
function roleWords(blobs: readonly TransferBlob[]): string {
  const words = roles.flatMap(([role, one]) => {
    const count = blobs.filter((blob) => blob.role === role).length;
    return count === 0 ? [] : [blobs.length === 1 ? `${one.charAt(0).toUpperCase()}${one.slice(1)}` : counted(count, one)];
  });
  return words.join(", ");
}

/** `amd64`, `both`, `all`, `3 platforms`: of a version for linux alone the system goes without saying. */
export function platformWords(of: readonly string[], all: readonly string[]): string {
  const linux = all.every((platform) => platform.startsWith("linux/"));
  if (of.length === 0) return "";
  if (of.length === 1) return linux ? (of[0] ?? "").replace(/^linux\//, "") : (of[0] ?? "");
  if (of.length >= all.length) return of.length === 2 ? "both" : "all";
  return counted(of.length, "platform");
}

function stateOf(step: number, { parts, outcome }: Running): RowState {
  if (outcome !== null) {
    const failed = outcome.failed.find((one) => one.step === step);
    if (failed) return { name: "failed", message: failed.message };
    const skipped = outcome.skipped.find((one) => one.step === step);
    if (skipped) return { name: "skipped", reason: skipped.reason };
    return outcome.done.includes(step) ? { name: "done" } : { name: "waits" };
  }
  const part = parts?.steps.get(step);
  switch (part?.standing) {
    case "sent":
      return { name: "sends", part };
    case "done":
      return { name: "done" };
    case "failed":
      return { name: "failed", message: "failed" };
    case "skipped":
      return { name: "skipped", reason: "skipped" };
    case undefined:
      return { name: "waits" };
  }
}

/** What several are together: the worst, else whatever goes on. */
function lumpedState(states: readonly RowState[]): RowState {
  const first = (name: RowState["name"]) => states.find((state) => state.name === name);
  const all = (name: RowState["name"]) => states.every((state) => state.name === name);
  const ended = first("failed") ?? first("skipped") ?? first("sends");
  if (ended) return ended;
  return all("done") ? { name: "done" } : { name: "waits" };
}

/** Manifests that have no tag stand together as long as they follow each other; the version and each tag by itself. */
function orderOf(plan: Plan, running: Running): OrderRow[] {
  const rows: OrderRow[] = [];
  let together: { step: PlannedStep; place: number }[] = [];
  const close = () => {
    if (together.length > 0) rows.push(manifestsRow(together, running));
    together = [];
  };
  for (const [place, step] of plan.steps.entries()) {
    if (step.action !== "put-manifest") continue;
    const [tag] = step.tags;
    const alone = tag !== undefined || step.digest === plan.transfer?.arrives;
    if (!alone) {
      together.push({ step, place });
      continue;
    }
    close();
    rows.push({
      key: `${place}`,
      label: tag ?? (rows.length > 0 ? "The index, without a tag" : "The version, without a tag"),
      tag: tag ?? null,
      digests: [step.digest],
      moves: tag === undefined ? null : { from: step.expectedDigest, to: step.digest },
      bytes: step.bytes,
      state: stateOf(place, running),
    });
  }
  close();
  return rows;
}

function manifestsRow(steps: readonly { step: PlannedStep; place: number }[], running: Running): OrderRow {
  const platforms = steps.filter(({ step }) => step.reason.includes("/")).length;
  const others = new Map<string, number>();
  for (const { step } of steps) {
    if (step.reason.includes("/")) continue;
    const noun = step.reason.split(" of ")[0] ?? step.reason;
    others.set(noun, (others.get(noun) ?? 0) + 1);
  }
  const words = [
    ...(platforms > 0 ? [counted(platforms, "platform")] : []),
    ...[...others].map(([noun, count]) => counted(count, noun === "sbom" ? "SBOM" : noun, noun.startsWith("part") ? noun : undefined)),
  ];
  return {
    key: `manifests ${steps[0]?.place}`,
    label: words.join(" and "),
    tag: null,
    digests: steps.map(({ step }) => step.digest),
    moves: null,
    bytes: steps.reduce((sum, { step }) => sum + step.bytes, 0),
    state: lumpedState(steps.map(({ place }) => stateOf(place, running))),
  };
}

/** `f4366062 a91dc135`, the first few. */
export function digestsWords(digests: readonly string[], most = 4): string {
  const shown = digests.slice(0, most).map(shortDigest).join(" ");
  return digests.length > most ? `${shown} and ${digests.length - most} more` : shown;
}
