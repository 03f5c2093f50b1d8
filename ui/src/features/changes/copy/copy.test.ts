import { describe, expect, it } from "vitest";
import type { Plan, PlannedStep } from "../../../ipc";
import { paceWords, spanWords } from "../../../shared/format";
import { noParts, noted } from "../running/parts";
import { copyModel, platformWords } from "./copyModel";
import { type CopyWish, copyCommand, copyRequest } from "./copyWish";

const address = { connectionId: "ghcr", repository: "vision/x", digest: "sha256:aa" };
const wish: CopyWish = { connectionId: "ecr", repository: "prod/x", tags: "1.4.2, production", referrers: null, platforms: null };
const connections = [
  { id: "ghcr", name: "GHCR" },
  { id: "ecr", name: "ECR eu" },
] as never;

function step(action: string, digest: string, reason: string, part: Partial<PlannedStep> = {}): PlannedStep {
  return { action, reference: `ECR/x@${digest}`, digest, expectedDigest: null, tags: [], reason, bytes: 10, ...part };
}

const plan: Plan = {
  kind: "promote",
  planId: "1",
  steps: [
    step("copy-blob", "sha256:l1", "for linux/amd64", { bytes: 100 }),
    step("copy-blob", "sha256:c1", "for linux/amd64"),
    step("copy-blob", "sha256:c2", "for linux/arm64"),
    step("mount-blob", "sha256:l2", "for linux/amd64; the registry has it in prod/other", { bytes: 0 }),
    step("put-manifest", "sha256:m1", "linux/amd64"),
    step("put-manifest", "sha256:m2", "linux/arm64"),
    step("put-manifest", "sha256:aa", "the version"),
    step("put-manifest", "sha256:aa", "a new tag", { tags: ["1.4.2"] }),
    step("put-manifest", "sha256:aa", "moves", { tags: ["production"], expectedDigest: "sha256:bb" }),
  ],
  kept: [],
  protected: [],
  unreadable: [],
  reclaimedBytes: 0,
  deletedTags: 0,
  warnings: [],
  requirements: [],
  typedName: null,
  versions: [],
  storedBytes: null,
  backups: [],
  overtaken: [],
  transfer: {
    found: "sha256:aa",
    arrives: "sha256:aa",
    blobs: [
      { digest: "sha256:l1", bytes: 100, role: "layer", platforms: ["linux/amd64", "linux/arm64"], step: 0 },
      { digest: "sha256:c1", bytes: 10, role: "config", platforms: ["linux/amd64"], step: 1 },
      { digest: "sha256:c2", bytes: 10, role: "config", platforms: ["linux/arm64"], step: 2 },
      { digest: "sha256:l2", bytes: 50, role: "layer", platforms: ["linux/amd64"], step: 3 },
      { digest: "sha256:l3", bytes: 70, role: "layer", platforms: ["linux/amd64"], step: null },
    ],
  },
};
const platforms = ["linux/amd64", "linux/arm64"];
const model = (running: Parameters<typeof copyModel>[3]) => copyModel(plan, new Map([["sha256:l1", "COPY model"]]), platforms, running);

describe("what a copy does", () => {
  it("sorts blobs by what becomes of them, each once, and lumps the small ones", () => {
    const shown = model({ parts: null, outcome: null });
    expect(shown.moves.map((row) => [row.label, row.platforms, row.bytes])).toEqual([
      ["COPY model", "both", 100],
      ["2 configurations", "each", 20],
    ]);
    expect(shown.mounted.map((row) => [row.from, row.bytes])).toEqual([["prod/other", 50]]);
    expect(shown.skipped.map((row) => row.digest)).toEqual(["sha256:l3"]);
    expect([shown.moved, shown.mount, shown.there]).toEqual([
      { blobs: 3, bytes: 120 },
      { blobs: 1, bytes: 50 },
      { blobs: 1, bytes: 70 },
    ]);
  });

  it("puts manifests together, then the version, then each tag in its order", () => {
    const { order } = model({ parts: null, outcome: null });
    expect(order.map((row) => row.label)).toEqual(["2 platforms", "The index, without a tag", "1.4.2", "production"]);
    expect(order.at(-1)?.moves).toEqual({ from: "sha256:bb", to: "sha256:aa" });
  });

  it("tells how far each row is, while it runs and at its end", () => {
    const sent = { step: 0, standing: "sent" as const, doneBytes: 40, totalBytes: 100, pace: null };
    const ended = { step: 1, standing: "done" as const, doneBytes: null, totalBytes: null, pace: null };
    const parts = noted(noParts, { type: "parts", parts: [sent, ended] });
    const running = model({ parts, outcome: null });
    expect(running.moves.map((row) => [row.state.name, row.doneBytes])).toEqual([
      ["sends", 40],
      ["waits", 10],
    ]);
    expect([running.sentBytes, running.stepsDone]).toEqual([50, 1]);
    const failed = [{ step: 8, code: "conflict" as const, message: "it moved", hint: null }];
    const outcome = { plan, journalId: "1", state: "partial", done: [0, 1, 2, 3, 4, 5, 6, 7], failed, skipped: [] };
    const after = model({ parts: null, outcome });
    expect(after.order.at(-1)?.state).toEqual({ name: "failed", message: "it moved" });
    expect([after.sentBytes, after.stepsDone]).toEqual([120, 8]);
  });

  it("names platforms in few words", () => {
    expect(platformWords(["linux/amd64"], platforms)).toBe("amd64");
    expect(platformWords(["windows/amd64"], ["windows/amd64", "linux/amd64"])).toBe("windows/amd64");
    expect(platformWords(["a/b", "c/d"], ["a/b", "c/d", "e/f"])).toBe("2 platforms");
    expect(platformWords([], platforms)).toBe("");
  });
});

describe("rates", () => {
  it("say how fast it is and what is left, once the program knows", () => {
    const bytes = (size: number) => `${size} B`;
    expect(paceWords(null, bytes)).toBe("");
    expect(paceWords({ bytesPerSecond: 500, secondsLeft: 2 }, bytes)).toBe("500 B/s, 2\u202Fs left");
    expect([spanWords(0), spanWords(75), spanWords(7500)]).toEqual(["1\u202Fs", "1\u202Fmin", "2\u202Fh 5\u202Fmin"]);
  });
});

describe("what is wanted", () => {
  it("becomes a request as soon as it can be meant", () => {
    expect(copyRequest(address, { ...wish, repository: "" }, "copy")).toBeNull();
    expect(copyRequest(address, { ...wish, repository: "Prod" }, "copy")).toBeNull();
    expect(copyRequest(address, { ...wish, tags: "a b" }, "copy")).toBeNull();
    expect(copyRequest(address, { ...wish, platforms: [] }, "copy")).toBeNull();
    expect(copyRequest(address, wish, "promote")).toMatchObject({
      targetTags: ["1.4.2", "production"],
      referrers: null,
      platforms: [],
      promotes: true,
    });
  });

  it("is written as a command, by the route or by what was chosen", () => {
    const command = (part: Partial<CopyWish>, route: string | null = null, kind: "copy" | "promote" = "promote") =>
      copyCommand({ address, tag: "1.4.2", wish: { ...wish, ...part }, kind, route, connections });
    expect(command({}, "Production, Frankfurt")).toBe("berthctl promote GHCR/vision/x:1.4.2 --route 'Production, Frankfurt' --yes");
    expect(command({})).toBe("berthctl promote GHCR/vision/x:1.4.2 'ECR eu/prod/x:production' --also-tag 1.4.2 --referrers --yes");
    expect(command({ tags: "", referrers: ["signature", "sbom"], platforms: ["linux/arm64"] })).toBe(
      "berthctl copy GHCR/vision/x:1.4.2 'ECR eu/prod/x' --platform linux/arm64 --referrers=signatures,sboms --yes",
    );
    expect(command({ tags: "", referrers: [] }, null, "copy")).toBe("berthctl copy GHCR/vision/x:1.4.2 'ECR eu/prod/x' --yes");
  });
});
