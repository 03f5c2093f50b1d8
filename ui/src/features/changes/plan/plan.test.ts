import { describe, expect, test } from "vitest";
import type { Along, ChangeRequest, ConnectionInfo, GoingVersion, Plan, PlannedStep, PruneRules } from "../../../ipc";
import { previewChange } from "../../../ipc/double/changes";
import { keptPlanOf } from "../../../ipc/double/changes/plans";
import { pictureConnections } from "../../../ipc/double/data/connections";
import { createWorld } from "../../../ipc/double/world";
import type { RunningChange } from "../running/changes";
import { noParts, noted } from "../running/parts";
import { goneWords } from "../running/words";
import { backupSteps } from "./backup";
import { differenceOf, namesWords } from "./difference";
import { footOf, undoWords } from "./foot";
import { endedOf, planModel } from "./planModel";
import { endedRows, heightOf, isPassed, parentOf, planRows } from "./planRows";
import {
  commandOf,
  draftOf,
  errorOfField,
  errorsOf,
  firstRules,
  parseRules,
  rulesOf,
  sameRules,
  savedCommand,
  selectsSomething,
  unitName,
  whyNoPulls,
} from "./rules";
import { alongWords, goWords, keptWords } from "./words";

const repository = "vision/defect-detector";
const noRules: PruneRules = rulesOf(firstRules);

function prune(rules: Partial<PruneRules>, world = createWorld("")): Plan {
  return previewChange(world, {
    kind: "prune",
    repositories: [{ connectionId: "ghcr", repository }],
    rules: { ...noRules, ...rules },
    backup: null,
  });
}

function remove(part: Partial<Extract<ChangeRequest, { kind: "delete" }>>): Plan {
  const nothing = { tags: [], digests: [], eachTag: false, protectedToo: false, backup: null };
  return previewChange(createWorld(""), { kind: "delete", connectionId: "ghcr", repository, ...nothing, ...part });
}

const nothingAlong: Along = { platforms: 0, sboms: 0, attestations: 0, signatures: 0, others: 0 };
const asDrawn = { keepLastReleases: 5, olderThan: "90d", keep: ["line-*"] };

function steps(count: number): PlannedStep[] {
  return Array.from({ length: count }, (_, position) => {
    const digest = `sha256:${position.toString(16).padStart(8, "0")}${"0".repeat(56)}`;
    return {
      action: "delete-manifest",
      reference: `GHCR/r@${digest}`,
      digest,
      expectedDigest: digest,
      tags: [`1.0.${position}`],
      reason: "older than 30d",
      bytes: 10,
    };
  });
}

describe("a plan as people read it", () => {
  test("has the numbers of the picture", () => {
    const model = planModel(prune(asDrawn));
    expect(model.counts).toEqual({ versions: 9, versionTags: 11, tags: 13, digests: 35, keptVersions: 12, keptTags: 20 });
    const [first] = model.going[0]?.versions ?? [];
    expect(first).toMatchObject({ tags: ["1.3.1"], whole: true });
    expect(alongWords(first?.along ?? nothingAlong)).toBe("2 platforms, 2 SBOMs, 1 signature");
    expect(goWords(first?.why ?? [])).toMatch(/^not in the last 5, \d+ days old$/);
    expect(goneWords(model.counts)).toBe("13 tags and 35 digests");
  });

  test("puts each version under its first reason, a protected tag before all", () => {
    const groups = planModel(prune(asDrawn)).kept.map((group) => [keptWords(group.reason), group.versions]);
    expect(groups).toEqual([
      ["Protected tag", 2],
      ["Younger than 90 days", 6],
      ["Among the last 5 releases", 3],
      ["Matches line-*", 1],
    ]);
  });

  test("adds up: what only one version holds, what they share among themselves, and all that is freed", () => {
    const plan = prune(asDrawn);
    const model = planModel(plan);
    const alone = plan.versions.reduce((sum, version) => sum + version.onlyHereBytes, 0);
    expect(model.sharedBytes).toBeGreaterThan(0);
    expect(alone + model.sharedBytes).toBe(plan.reclaimedBytes);
    expect(plan.storedBytes).toBeGreaterThan(plan.reclaimedBytes);
  });

  test("of several repositories has them one after the other, and what was not read stops its own", () => {
    const places = [repository, "vision/pcb-ocr"].map((name) => ({ connectionId: "ghcr", repository: name }));
    const request = { kind: "prune", repositories: places, rules: { ...noRules, ...asDrawn }, backup: null } as const;
    const plan = previewChange(createWorld(""), { kind: "prune", repositories: places, rules: { ...noRules, keepLast: 5 }, backup: null });
    const both = planModel(plan);
    const all = plan.versions.flatMap((version) => version.steps).sort((one, other) => one - other);
    expect(all).toEqual(plan.steps.map((_, place) => place));
    expect(both.going.map((group) => group.repository)).toEqual(["GHCR/vision/defect-detector", "GHCR/vision/pcb-ocr"]);
    const stopped = previewChange(createWorld("unread"), { ...request, repositories: places });
    const model = planModel(stopped);
    expect(model.counts.versions).toBe(9);
    expect(model.unread).toMatchObject([
      {
        repository: "GHCR/vision/pcb-ocr",
        tags: stopped.kept.filter((one) => one.why.kind === "unreadable").length,
        parts: [{ reference: "GHCR/vision/pcb-ocr:2.0.0-beta" }],
      },
    ]);
    expect(planRows(stopped, model, {}).at(-1)).toMatchObject({ type: "unread" });
    expect(model.kept.map((group) => group.reason.kind)).not.toContain("unreadable");
    const named = planRows(plan, both, {});
    expect(named.filter((row) => row.type === "repository")).toHaveLength(2);
  });

  test("says which tags go while their version stays", () => {
    const model = planModel(remove({ tags: ["1.4"], eachTag: true }));
    expect(model.going[0]?.versions).toMatchObject([{ tags: ["1.4"], whole: false, freed: [] }]);
    expect(model.counts).toMatchObject({ versions: 0, tags: 1, digests: 0 });
  });

  test("of 10,000 versions has a row for each", () => {
    const [one] = prune(asDrawn).versions;
    const versions = steps(10_000).map((step, place) => ({
      ...(one as GoingVersion),
      digest: step.digest,
      tags: step.tags,
      steps: [place],
    }));
    const plan = { ...prune(asDrawn), steps: steps(10_000), versions };
    const rows = planRows(plan, planModel(plan), {});
    expect(rows.length).toBeGreaterThan(10_000);
  });
});

describe("the rows of a plan", () => {
  const plan = prune({ ...asDrawn, untagged: true });
  const rows = planRows(plan, planModel(plan), {});

  test("stand in groups, in their order", () => {
    expect(rows.filter((row) => row.type === "group").map((row) => [row.group, row.position, row.siblings])).toEqual([
      ["goes", 1, 3],
      ["stays", 2, 3],
      ["protected", 3, 3],
    ]);
    expect(rows[1]?.type).toBe("head");
    expect(isPassed(rows[1])).toBe(true);
    expect(heightOf(rows[0])).toBeGreaterThan(heightOf(rows[2]));
  });

  test("open and close", () => {
    const model = planModel(plan);
    expect(planRows(plan, model, { goes: false }).filter((row) => row.type === "going")).toEqual([]);
    const first = rows.find((row) => row.type === "going");
    const open = planRows(plan, model, { [first?.key ?? ""]: true });
    expect(open.filter((row) => row.type === "part")).toHaveLength(5);
    expect(open[parentOf(open, 3)]?.key).toBe(first?.key);
  });

  test("of an outcome keep what failed and what was skipped in sight", () => {
    const outcome = {
      plan,
      journalId: "change-1",
      state: "partial",
      done: [0],
      failed: [{ step: 1, code: "denied" as const, message: "the login may not delete", hint: "Give it the right." }],
      skipped: [{ step: 2, reason: "cancelled before it started" }],
    };
    const shown = endedRows(endedOf(outcome), {});
    expect(shown.map((row) => row.type)).toEqual(["group", "step", "group", "step", "group"]);
    expect(shown[1]).toMatchObject({ reason: "the login may not delete", hint: "Give it the right." });
    expect(shown[4]).toMatchObject({ group: "done", open: false });
  });
});

describe("what changed between two plans", () => {
  test("is nothing where both delete the same", () => {
    expect(differenceOf(prune(asDrawn), prune(asDrawn))).toBeNull();
  });

  test("is told by tags", () => {
    const difference = differenceOf(prune(asDrawn), prune({ ...asDrawn, keepLastReleases: 6 }));
    expect(difference?.more).toEqual([]);
    expect(namesWords(difference?.fewer ?? [])).toBe("1.3.1");
    const more = differenceOf(prune(asDrawn), prune({ ...asDrawn, keep: [] }));
    expect(namesWords(more?.more ?? [])).toBe("1.2.1, 1.2, line-7");
    expect(more?.newDigests.size).toBe(6);
  });

  test("counts a tag that moved as another one", () => {
    const [one] = steps(1) as [PlannedStep];
    const plan = { ...prune(asDrawn), steps: [one] };
    const moved = { ...plan, steps: [{ ...one, digest: `sha256:ffffffff${"0".repeat(56)}` }] };
    expect(differenceOf(plan, moved)?.more).toContain("1.0.0 (ffffffff)");
  });
});

describe("rules", () => {
  test("become what the program takes", () => {
    const draft = {
      ...firstRules,
      keepLast: { on: true, count: 3 },
      groupBy: "^(.*?)-",
      youngerDays: { on: true, count: 90 },
      matching: " *-rc* ",
    };
    expect(rulesOf(draft)).toEqual({ ...noRules, keepLast: 3, groupBy: "^(.*?)-", olderThan: "90d", matching: "*-rc*" });
    expect(rulesOf({ ...draft, keepLast: { on: false, count: 3 } }).groupBy).toBeNull();
  });

  test("select nothing until one of them lets something go", () => {
    expect(selectsSomething(noRules)).toBe(false);
    expect(selectsSomething({ ...noRules, keep: ["*"], keepSemver: true, eachTag: true })).toBe(false);
    for (const part of [{ keepLast: 1 }, { keepLastReleases: 1 }, { olderThan: "1d" }, { matching: "pr-*" }, { untagged: true }])
      expect(selectsSomething({ ...noRules, ...part })).toBe(true);
    expect(() => prune({})).toThrow();
  });

  test("that cannot be are told at their field", () => {
    expect(errorsOf({ ...firstRules, keepLast: { on: true, count: null }, matching: " " })).toEqual({
      keepLast: "A whole number from 1",
      matching: "An empty pattern matches nothing; * matches all",
    });
    expect(errorsOf({ ...firstRules, keepLast: { on: false, count: null } })).toEqual({});
    const draft = { ...firstRules, keep: ["[a"] };
    expect(errorOfField('"(" is no regular expression: unclosed group', draft)).toHaveProperty("groupBy");
    expect(errorOfField('"[a" is no pattern: unclosed class', draft)).toHaveProperty("keep");
    expect(errorOfField('"[b" is no pattern: unclosed class', draft)).toHaveProperty("matching");
    expect(errorOfField("the disk is full", draft)).toBeNull();
  });

  test("are written for a terminal, quoted where a shell would read them", () => {
    expect(commandOf(["My lab/vision/x"], { ...noRules, keepLast: 5, olderThan: "90d", keep: ["it's*"], untagged: true })).toBe(
      "berthctl prune 'My lab/vision/x' --keep-last 5 --older-than 90d --keep 'it'\\''s*' --untagged",
    );
  });

  test("of a saved policy are edited without losing anything, whatever their unit", () => {
    const rules = {
      ...noRules,
      keepLast: 3,
      olderThan: "12h",
      notPulledFor: "4w",
      matching: "pr-*",
      keep: ["x"],
      groupBy: "^(a)",
      eachTag: true,
    };
    expect(sameRules(rulesOf(draftOf(rules)), rules)).toBe(true);
    expect(unitName(draftOf(rules).youngerDays)).toBe("hours");
    expect(sameRules(rulesOf(draftOf(noRules)), noRules)).toBe(true);
    expect(savedCommand("Quarterly clean-up")).toBe("berthctl prune --saved 'Quarterly clean-up'");
  });

  test("of last pulls say why there are none", () => {
    const [, hub, ghcr] = pictureConnections as [ConnectionInfo, ConnectionInfo, ConnectionInfo];
    expect(whyNoPulls(ghcr)).toBe("GHCR does not tell when a version was last pulled.");
    expect(whyNoPulls(hub)).toBe("Berth does not ask Docker Hub when a version was last pulled.");
  });

  test("that were kept broken become as at first", () => {
    expect(parseRules(3)).toBeNull();
    expect(parseRules({ keepLast: { on: "yes" }, keep: [1, "a"], matching: 4 })).toEqual({ ...firstRules, keep: ["a"] });
    expect(parseRules(JSON.parse(JSON.stringify({ ...firstRules, keepSemver: true })))).toEqual({ ...firstRules, keepSemver: true });
  });
});

describe("the foot", () => {
  const known = { typed: "", connection: "GHCR", byRules: true, canCheck: true, backsUp: false, bytes: (size: number) => `${size} B` };
  const check = { state: "done" as const, step: null, plan: null, shown: null, problem: null };

  test("names what goes, and waits for the name where the plan asks for it", () => {
    const plan = prune({ olderThan: "1d" });
    const stage = { name: "checked" as const, plan, check };
    expect(plan.typedName).toBe(repository);
    expect(footOf({ ...known, stage }).main).toMatchObject({ deletes: true, off: true });
    expect(footOf({ ...known, stage, typed: repository }).main).toMatchObject({
      off: false,
      label: expect.stringMatching(/^Delete \d+ tags and \d+ digests$/),
    });
  });

  test("offers nothing where nothing goes", () => {
    const stage = { name: "checked" as const, plan: { ...prune(asDrawn), steps: [] }, check };
    expect(footOf({ ...known, stage }).main).toBeNull();
  });

  test("says how far a backup is, then how far the deletion", () => {
    const world = createWorld("");
    const places = [{ connectionId: "ghcr", repository }];
    const request = { kind: "prune", repositories: places, rules: { ...noRules, ...asDrawn } } as const;
    const { plan } = keptPlanOf(world, { ...request, backup: { connectionId: "sample", prefix: "" } });
    const count = backupSteps(plan).length;
    expect(count).toBeGreaterThan(0);
    const done = (until: number) => Array.from({ length: until }, (_, step) => ({ step, ...ended }));
    const ended = { standing: "done" as const, doneBytes: null, totalBytes: null, pace: null };
    const pace = { bytesPerSecond: 20, secondsLeft: 4 };
    const running = (until: number): RunningChange => {
      const parts = noted(noted(noParts, { type: "parts", parts: done(until) }), { type: "bytes", done: 10, total: 90, pace });
      const words = { what: "", doing: "", done: "" };
      const still = { waiting: null, stopping: false, ended: null, outcome: null, problem: null, seen: false };
      return { id: "1", words, place: null, plan, progress: { done: 10, total: 90, bytes: true }, parts, ...still };
    };
    const words = (until: number) => footOf({ ...known, stage: { name: "running", plan, run: running(until) } }).words[0];
    expect(words(count - 1)).toBe("Backing up first, 10 B of 90 B, 20 B/s, 4\u202Fs left");
    const [first] = planRows(plan, planModel(plan), {});
    expect(first).toMatchObject({ type: "group", group: "backup", open: false, count });
    expect(words(count)).toBe(`Deleting, ${count} of ${plan.steps.length} steps`);
  });

  test("says in the same place what cannot be undone", () => {
    expect(undoWords(prune(asDrawn))).toBe("This can be undone for 30 days.");
    expect(undoWords({ ...prune(asDrawn), warnings: ["acme/x: this cannot be undone"] })).toBe("This cannot be undone.");
  });
});
