/** The journal of the pictures: changes of the last months, in the order of the page (newest first). */
import type { JournalEntry, JournalStep, PlannedStep } from "../../bindings";
import { ago, day } from "../clock";
import { defectDetector } from "../data/versions";
import { digestOf } from "../random";
import { tallyOf } from "./journalAnswers";
import type { At, KeptChange } from "./state";

interface Seed {
  days: number;
  minutes: number;
  kind: string;
  state?: string;
  at: At;
  /** A version's name and the tag that moved, or the tags that went. */
  name?: string;
  tags: readonly string[];
  /** Of so many steps; the rest was not done. */
  doneSteps?: number;
  undoes?: string;
  /** The connection that it copied from. */
  from?: string;
  policy?: string;
}

const ghcr = (repository: string): At => ({ connectionId: "ghcr", repository });

const seeds: readonly Seed[] = [
  {
    days: 1,
    minutes: 160,
    kind: "prune",
    state: "partial",
    at: ghcr("vision/seal-check"),
    tags: ["0.7.0", "0.8.0", "0.8.1", "0.9.0", "1.0.0-rc.1", "1.1.0", "sha256-8365.sig"],
    doneSteps: 5,
    policy: "Quarterly clean-up",
  },
  { days: 1, minutes: 480, kind: "copy", at: { connectionId: "ecr", repository: "prod/defect-detector" }, tags: ["2.7.0"], from: "GHCR" },
  { days: 2, minutes: 118, kind: "undo", at: ghcr("llm/embedder"), name: "1.8.1", tags: ["production"], undoes: "seed-4" },
  { days: 2, minutes: 135, kind: "promote", state: "undone", at: ghcr("llm/embedder"), name: "1.9.0", tags: ["production"] },
  {
    days: 3,
    minutes: 600,
    kind: "prune",
    at: ghcr("base/cuda"),
    tags: Array.from({ length: 41 }, (_, position) => `nightly-${20260900 + position}`),
  },
  { days: 5, minutes: 300, kind: "promote", at: ghcr("forecasting/demand"), name: "0.13.0", tags: ["staging"] },
  { days: 5, minutes: 320, kind: "copy", at: { connectionId: "sample", repository: "tiny-bert" }, tags: ["1.2"] },
  { days: 50, minutes: 600, kind: "delete", at: ghcr("vision/line-scan-segmenter"), tags: ["pr-118", "pr-121"] },
  { days: 66, minutes: 620, kind: "promote", at: ghcr("vision/defect-detector"), name: "1.4.0", tags: ["production"] },
  {
    days: 95,
    minutes: 260,
    kind: "rollback",
    state: "failed",
    at: ghcr("vision/defect-detector"),
    name: "1.3.3",
    tags: ["production"],
    doneSteps: 0,
  },
  {
    days: 201,
    minutes: 550,
    kind: "promote",
    state: "cancelled",
    at: ghcr("vision/defect-detector"),
    name: "1.2.1",
    tags: ["latest"],
    doneSteps: 0,
  },
];

const interrupted: Seed = {
  days: 1,
  minutes: 97,
  kind: "promote",
  state: "interrupted",
  at: ghcr("vision/defect-detector"),
  name: "1.4.1",
  tags: ["staging", "latest"],
  doneSteps: 0,
};

const names: Record<string, string> = { ghcr: "GHCR", ecr: "ECR eu-central-1", sample: "Sample models" };

/** `first`: none · `interrupted`: one without an end · `journal`: thousands. */
export function seededJournal(wanted: string): KeptChange[] {
  if (wanted === "first") return [];
  const shown = wanted === "interrupted" ? [interrupted, ...seeds] : seeds;
  const changes = shown.map((seed, position) => kept(seed, `seed-${wanted === "interrupted" ? position : position + 1}`));
  if (wanted !== "journal") return changes;
  const older = Array.from({ length: 3000 }, (_, position) =>
    kept(
      {
        days: 202 + position / 7,
        minutes: 0,
        kind: position % 3 === 0 ? "prune" : "promote",
        at: ghcr("base/python"),
        name: `3.${position}`,
        tags: ["staging"],
      },
      `older-${position}`,
    ),
  );
  return [...changes, ...older];
}

function kept(seed: Seed, id: string): KeptChange {
  const started = ago(seed.days * day + seed.minutes);
  const moves = ["promote", "rollback", "undo"].includes(seed.kind);
  const done = seed.doneSteps ?? seed.tags.length;
  const steps = seed.tags.map((tag, position): JournalStep => {
    const step = stepOf(seed, tag, moves);
    if (position < done) return { step, state: "done", at: after(started, position + 1), message: null };
    if (seed.state === "interrupted") return { step, state: "waiting", at: null, message: null };
    if (position > done) return { step, state: "skipped", at: after(started, done + 1), message: `needs step ${done + 1}` };
    return { step, state: seed.state === "cancelled" ? "skipped" : "failed", at: after(started, done + 1), message: "found 4be1907c" };
  });
  const entry: JournalEntry = {
    id,
    kind: seed.kind,
    started,
    finished: seed.state === "interrupted" ? null : after(started, seed.tags.length + 1),
    state: seed.state ?? "done",
    repositories: [`${names[seed.at.connectionId]}/${seed.at.repository}`],
    backups: [],
    sources: seed.from === undefined ? [] : [seed.from],
    targets: [names[seed.at.connectionId] ?? seed.at.connectionId],
    tags: seed.tags.slice(0, 4),
    planned: tallyOf(steps),
    done: tallyOf(steps.filter((step) => step.state === "done")),
    by: seed.at.connectionId === "sample" ? null : "acme-bot",
    version: seed.name ?? null,
    policy: seed.policy ?? null,
    computer: "ws-114",
    program: seed.kind === "prune" ? "berthctl" : "window",
    undoes: seed.undoes ?? null,
    undoneBy: seed.state === "undone" ? "seed-3" : null,
  };
  return { entry, steps, at: seed.tags.map(() => seed.at) };
}

function stepOf(seed: Seed, tag: string, moves: boolean): PlannedStep {
  const reference = `${names[seed.at.connectionId]}/${seed.at.repository}:${tag}`;
  const tagged = (name: string) => defectDetector.find((one) => one.row.tags.some((label) => label.name === name))?.row.digest;
  const digest = (seed.name === undefined ? undefined : tagged(seed.name)) ?? digestOf(`${reference} ${seed.name ?? tag}`);
  const isPicture = seed.at.repository === "vision/defect-detector";
  const expected = isPicture && seed.state === "interrupted" ? (tagged(tag) ?? null) : digestOf(`${reference} before`);
  if (moves) return { action: "put-manifest", reference, digest, expectedDigest: expected, tags: [tag], reason: "promotion", bytes: 0 };
  if (seed.kind === "copy")
    return { action: "put-manifest", reference, digest, expectedDigest: null, tags: [tag], reason: "copy", bytes: 17_600_000 };
  return { action: "delete-manifest", reference, digest, expectedDigest: digest, tags: [tag], reason: "older than 90d", bytes: 42_400_000 };
}

function after(iso: string, seconds: number): string {
  return new Date(Date.parse(iso) + seconds * 1000).toISOString();
}
