import { describe, expect, it } from "vitest";
import type { ConnectionInfo, JournalDetail, JournalEntry, JournalStep, PlannedStep } from "../../../ipc";
import { plan } from "../../../ipc/double/changes/plans";
import { pictureConnections } from "../../../ipc/double/data/connections";
import { newPlanOf } from "./newPlan";
import { linesOf } from "./possible";
import { saidOf } from "./stillWords";

const digest = `sha256:${"a".repeat(64)}`;
const tally = { steps: 1, tags: 1, digests: 1, versions: 1, bytes: 0 };
const noon = Date.parse("2026-11-20T12:00:00Z");

function step(part: Partial<PlannedStep> = {}): PlannedStep {
  const whole = {
    action: "delete-manifest",
    reference: `GHCR/r@${digest}`,
    digest,
    expectedDigest: digest,
    tags: ["1.0"],
    reason: "",
    bytes: 0,
  };
  return { ...whole, ...part };
}

function record(state: string, part: Partial<PlannedStep> = {}): JournalStep {
  return { step: step(part), state, at: null, message: null };
}

function detail(entry: Partial<JournalEntry>, part: Partial<JournalDetail> = {}): JournalDetail {
  const whole: JournalEntry = {
    id: "7",
    kind: "prune",
    started: "2026-11-20T10:00:00Z",
    finished: null,
    state: "partial",
    repositories: ["GHCR/vision/x"],
    backups: [],
    tags: ["1.0"],
    sources: [],
    targets: ["GHCR"],
    planned: tally,
    done: tally,
    by: null,
    version: null,
    policy: null,
    computer: null,
    program: null,
    undoneBy: null,
    undoes: null,
    ...entry,
  };
  return { entry: whole, steps: [record("done"), record("failed", { tags: ["1.1"] })], undo: null, copiedFrom: null, ...part };
}

describe("what holds of an undo", () => {
  const back = plan("undo", [
    step({ action: "copy-blob", tags: [] }),
    step({ action: "put-manifest", tags: [] }),
    step({ action: "put-manifest" }),
  ]);
  const said = (part: Partial<JournalDetail>, entry: Partial<JournalEntry> = {}) => {
    const { lead, text } = saidOf({ detail: detail(entry, part), what: "undo", plan: back, registry: "GHCR", now: noon });
    return `${lead} ${text}`;
  };

  it("is a date where the provider keeps what was deleted for some days, and no promise after it", () => {
    const kept = (until: string) => said({ undo: { kind: "kept", days: 30, until } });
    expect(kept("2026-12-20T10:00:00Z")).toMatch(
      /^Until 20 Dec 2026, \d\d:\d\d\. GHCR keeps deleted versions for 30 days\. 1 manifest and 1 tag/,
    );
    expect(kept("2026-11-19T10:00:00Z")).toMatch(
      /^Now, but not promised: GHCR keeps deleted versions for 30 days, which ended on 19 Nov 2026/,
    );
  });

  it("is the backup where there is one, and says what comes from it", () => {
    expect(said({ undo: { kind: "backup" } }, { backups: ["Kept/vision/x"] })).toBe(
      "For as long as the backup is kept: it is in Kept/vision/x. 1 manifest and 1 tag can come back, and 1 blob from the backup.",
    );
  });

  it("is until the garbage collection, or no promise at all", () => {
    expect(said({ undo: { kind: "untilCollected" } })).toMatch(/^Now, until the registry collects its garbage: 1 manifest/);
    expect(said({ undo: { kind: "onDisk" } })).toMatch(/^For as long as it is not written anew: nothing is collected in GHCR\. 1 manifest/);
    expect(said({ undo: { kind: "nothing" } })).toMatch(/^Now, but not promised: GHCR may let go of what was deleted at any time\./);
    expect(said({})).toMatch(/^Until somebody moves 1\.0:/);
  });
});

describe("a line for each way", () => {
  const lines = (entry: Partial<JournalEntry>, steps = [record("done")]) =>
    linesOf({ ...detail(entry), steps }).map(({ what, why }) => [what, why === null ? "planned" : why.split(":")[0]]);

  it("says of an interrupted change what finishing and rolling back would do", () => {
    expect(lines({ state: "interrupted" })).toEqual([
      ["undo", "The same as Roll back here"],
      ["finish", "planned"],
      ["rollBack", "planned"],
    ]);
  });

  it("says what there is not to do, and what a step that is half done means", () => {
    expect(lines({ state: "failed", done: { ...tally, steps: 0 } })[0]).toEqual(["undo", "Nothing of it was done"]);
    expect(lines({ state: "done" })[1]).toEqual(["finish", "Every step is done."]);
    expect(lines({ state: "partial" }, [record("begun")])[2]).toEqual(["rollBack", "planned"]);
    expect(lines({ state: "running" })).toEqual([]);
  });
});

describe("a new plan", () => {
  const connections = pictureConnections as ConnectionInfo[];
  const at = { connectionId: "ghcr", repository: "vision/x" };
  const of = (entry: Partial<JournalEntry>, part: Partial<JournalDetail> = {}) => newPlanOf(detail(entry, part), connections, []);

  it("is made of what did not come to its end only, and where its connection is still there", () => {
    expect(of({ state: "done" })).toBeNull();
    expect(of({ state: "interrupted" })).toBeNull();
    expect(of({ repositories: ["Gone/x"] })).toBeNull();
    expect(of({})).toEqual({ kind: "prune", at, policy: null });
  });

  it("of a deletion by hand is of the tags that are left, by name; of digests where there is no tag", () => {
    expect(of({ kind: "delete" })).toEqual({ kind: "delete", at, tags: ["1.1"], digests: [] });
    const untagged = [record("failed", { tags: [] }), record("skipped", { tags: ["sha256-aa.sig"] })];
    expect(of({ kind: "delete" }, { steps: untagged })).toEqual({ kind: "delete", at, tags: [], digests: [digest] });
  });

  it("of what moves a tag asks for the same again", () => {
    const put = [record("failed", { action: "put-manifest", tags: ["production"] })];
    const asked = { kind: "promote", ...at, digest, to: "production" };
    expect(of({ kind: "promote" }, { steps: put })).toEqual({ kind: "ask", request: asked, verb: "Promote" });
    const back = { kind: "rollback", ...at, channel: "production" };
    expect(of({ kind: "rollback", tags: ["production"] })).toEqual({ kind: "ask", request: back, verb: "Roll back" });
    expect(of({ kind: "undo", undoes: "3" })).toEqual({ kind: "ask", request: { kind: "undo", id: "3" }, verb: "Undo" });
  });

  it("of a copy begins where its blobs came from, if that is known", () => {
    const put = [record("failed", { action: "put-manifest", tags: ["2.7.0"] })];
    const from = { connectionId: "hub", repository: "acme/x" };
    expect(of({ kind: "copy" }, { steps: put, copiedFrom: from })).toEqual({ kind: "copy", at: from, digest });
    expect(of({ kind: "copy" }, { steps: put })).toBeNull();
  });
});
