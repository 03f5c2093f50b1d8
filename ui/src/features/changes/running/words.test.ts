import { describe, expect, it } from "vitest";
import type { JournalEntry, Outcome, PlannedStep } from "../../../ipc";
import { plan } from "../../../ipc/double/changes/plans";
import { deletes, entryNoun, goneFrom, movedBytes, shortfall, splitRepository, stepWords, whereWords, whyFailed } from "./words";

const a = `sha256:${"a".repeat(64)}`;
const b = `sha256:${"b".repeat(64)}`;
const step = (part: Partial<PlannedStep>): PlannedStep => ({
  action: "put-manifest",
  reference: "GHCR/r:production",
  digest: b,
  expectedDigest: a,
  tags: ["production"],
  reason: "",
  bytes: 0,
  ...part,
});

describe("a step in words", () => {
  it.each([
    [step({}), "production moves from aaaaaaaa to bbbbbbbb"],
    [step({ expectedDigest: null }), "production is set to bbbbbbbb"],
    [step({ tags: [] }), "bbbbbbbb is put"],
    [step({ action: "delete-tag" }), "production is removed, bbbbbbbb stays"],
    [step({ action: "delete-manifest", tags: ["0.9", "0.9.0"] }), "bbbbbbbb is deleted with 0.9, 0.9.0"],
    [step({ action: "something-new", tags: [] }), "something-new bbbbbbbb"],
  ])("%#", (one, words) => expect(stepWords(one)).toBe(words));

  it("of a deletion is known as one", () => {
    expect(deletes([step({})])).toBe(false);
    expect(deletes([step({}), step({ action: "delete-tag" })])).toBe(true);
  });
});

describe("what fell short", () => {
  const outcome = (part: Partial<Outcome>): Outcome => ({
    plan: plan("promote", [step({}), step({})]),
    journalId: "1",
    state: "partial",
    done: [0],
    failed: [{ step: 1, code: "conflict", message: "staging has moved", hint: "synchronise" }],
    skipped: [],
    ...part,
  });

  it("is how much was done, the first reason, and what to do; a tag keeps its letters", () => {
    expect(shortfall(outcome({}))).toBe("1 of 2 steps done: staging has moved. Synchronise.");
    expect(shortfall(outcome({ done: [] }))).toBe("Nothing was changed: staging has moved. Synchronise.");
    expect(shortfall(outcome({ failed: [], skipped: [{ step: 1, reason: "cancelled" }] }))).toBe("1 of 2 steps done: cancelled.");
  });

  it("says that nothing was changed only where that is known", () => {
    const problem = { code: "unreachable" as const, message: "ghcr.io cannot be reached", hint: null, retryable: true };
    expect(whyFailed(problem, false)).toBe("Nothing was changed: ghcr.io cannot be reached.");
    expect(whyFailed(problem, true)).toBe("The journal tells how far it came: ghcr.io cannot be reached.");
  });
});

describe("a change of the journal", () => {
  const entry = (part: Partial<JournalEntry>): JournalEntry => ({
    id: "1",
    kind: "promote",
    started: "2026-11-20T10:00:00Z",
    finished: null,
    state: "done",
    repositories: ["GHCR/vision/x"],
    backups: [],
    tags: ["production"],
    sources: [],
    targets: ["GHCR"],
    planned: { steps: 1, tags: 1, digests: 0, versions: 0, bytes: 0 },
    done: { steps: 1, tags: 1, digests: 0, versions: 0, bytes: 0 },
    by: null,
    version: null,
    policy: null,
    computer: null,
    program: null,
    undoneBy: null,
    undoes: null,
    ...part,
  });

  it.each([
    [entry({}), "the promotion to production in GHCR/vision/x"],
    [entry({ kind: "rollback" }), "the roll-back of production in GHCR/vision/x"],
    [entry({ kind: "prune", tags: ["a", "b"] }), "the clean-up of GHCR/vision/x"],
    [entry({ kind: "copy" }), "the copy to GHCR/vision/x"],
    [entry({ kind: "prune", repositories: ["A/x", "A/y", "A/z"] }), "the clean-up of A/x and 2 more"],
    [entry({ kind: "delete", repositories: [] }), "the deletion of no repository"],
  ])("%# has a name", (one, words) => expect(entryNoun(one)).toBe(words));

  it("says how much a deletion took away", () => {
    const planned = { steps: 9, tags: 41, digests: 8, versions: 6, bytes: 0 };
    expect(goneFrom(entry({ planned, done: planned }))).toBe("6 versions, 41 tags");
    expect(goneFrom(entry({ planned, done: { ...planned, versions: 5 } }))).toBe("5 of 6 versions");
    const untagged = { ...planned, tags: 0, versions: 0 };
    expect(goneFrom(entry({ planned: untagged, done: untagged }))).toBe("8 digests");
  });

  it("says where it was and what it moved or freed", () => {
    expect(whereWords(entry({}))).toBe("GHCR");
    expect(whereWords(entry({ sources: ["GHCR"], targets: ["ECR"] }))).toBe("GHCR to ECR");
    expect(whereWords(entry({ targets: ["Attic", "GHCR"], backups: ["Attic/vision/x"] }))).toBe("GHCR");
    const done = { steps: 1, tags: 0, digests: 1, versions: 0, bytes: 7 };
    expect(movedBytes(entry({ planned: done, done }))).toBe(-7);
    expect(movedBytes(entry({ done: { ...done, digests: 0 } }))).toBe(7);
  });

  it("belongs to the connection whose name it begins with", () => {
    const connections = [
      { id: "a", name: "Lab" },
      { id: "b", name: "Lab/two" },
    ];
    expect(splitRepository("Lab/vision/x", connections)).toMatchObject({ connection: { id: "a" }, repository: "vision/x" });
    expect(splitRepository("Gone/x", connections)).toEqual({ connection: null, repository: "Gone/x" });
  });
});
