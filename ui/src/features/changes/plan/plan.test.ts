import { describe, expect, test } from "vitest";
import type { ChangeRequest, Plan, PlannedStep, PruneRules } from "../../../ipc";
import { previewChange } from "../../../ipc/double/changes";
import { createWorld } from "../../../ipc/double/world";
import { goneWords } from "../running/words";
import { differenceOf, namesWords } from "./difference";
import { footOf, undoWords } from "./foot";
import { endedOf, planModel } from "./planModel";
import { endedRows, heightOf, isPassed, parentOf, planRows } from "./planRows";
import { commandOf, errorOfField, errorsOf, firstRules, parseRules, rulesOf, selectsSomething } from "./rules";
import { alongWords } from "./words";

const repository = "vision/defect-detector";
const noRules: PruneRules = rulesOf(firstRules);

function prune(rules: Partial<PruneRules>, world = createWorld("")): Plan {
  return previewChange(world, { kind: "prune", connectionId: "ghcr", repository, rules: { ...noRules, ...rules } });
}

function remove(part: Partial<Extract<ChangeRequest, { kind: "delete" }>>): Plan {
  const nothing = { tags: [], digests: [], eachTag: false, protectedToo: false };
  return previewChange(createWorld(""), { kind: "delete", connectionId: "ghcr", repository, ...nothing, ...part });
}

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
    expect(model.counts).toEqual({ versions: 9, versionTags: 11, tags: 13, digests: 35, keptVersions: 12 });
    expect(model.going[0]).toMatchObject({ tags: ["1.3.1"], tagsOnly: false });
    expect(alongWords(model.going[0]?.parts ?? [])).toBe("2 platforms, 2 referrers, 1 signature");
    expect(goneWords(model.counts)).toBe("13 tags and 35 digests");
  });

  test("puts each version under its first reason, a protected tag before all", () => {
    const groups = planModel(prune(asDrawn)).kept.map((group) => [group.reason, group.versions]);
    expect(groups).toEqual([
      ["protected", 2],
      ["too young", 6],
      ["one of the last 5 releases", 3],
      ["matches line-*", 1],
    ]);
  });

  test("joins the tags of a version that are deleted step by step with its digest", () => {
    const [whole] = steps(1) as [PlannedStep];
    const alone = { ...whole, action: "delete-tag", reference: "GHCR/r:1.0.0", bytes: 0 };
    const model = planModel({ ...prune(asDrawn), steps: [alone, { ...whole, tags: [] }] });
    expect(model.going).toEqual([
      { digest: whole.digest, tags: ["1.0.0"], reason: "older than 30d", bytes: 10, parts: [], tagsOnly: false },
    ]);
  });

  test("follows what belongs to what belongs to a version, and survives a ring", () => {
    const [root, first, second] = steps(3) as [PlannedStep, PlannedStep, PlannedStep];
    const chain = [
      root,
      { ...first, tags: [], reason: `belongs to ${root.digest.slice(7, 15)}` },
      { ...second, tags: [], reason: `belongs to ${first.digest.slice(7, 15)}` },
    ];
    expect(planModel({ ...prune(asDrawn), steps: chain }).going.map((one) => one.parts.length)).toEqual([2]);
    const ring = [
      { ...first, reason: `part of ${second.digest.slice(7, 15)}` },
      { ...second, reason: `part of ${first.digest.slice(7, 15)}` },
    ];
    expect(planModel({ ...prune(asDrawn), steps: ring }).going.length).toBeGreaterThan(0);
  });

  test("says which tags go while their version stays", () => {
    const model = planModel(remove({ tags: ["1.4"], eachTag: true }));
    expect(model.going).toMatchObject([{ tags: ["1.4"], tagsOnly: true, parts: [] }]);
    expect(model.counts).toMatchObject({ versions: 0, tags: 1, digests: 0 });
  });

  test("of 10,000 versions has a row for each", () => {
    const plan = { ...prune(asDrawn), steps: steps(10_000) };
    const rows = planRows(planModel(plan), [], 0, {});
    expect(rows.length).toBeGreaterThan(10_000);
  });
});

describe("the rows of a plan", () => {
  const plan = prune({ ...asDrawn, untagged: true });
  const rows = planRows(planModel(plan), plan.unreadable, plan.reclaimedBytes, {});

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
    expect(planRows(model, [], 0, { goes: false }).filter((row) => row.type === "going")).toEqual([]);
    const first = rows.find((row) => row.type === "going");
    const open = planRows(model, [], 0, { [first?.key ?? ""]: true });
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
    expect(commandOf("My lab/vision/x", { ...noRules, keepLast: 5, olderThan: "90d", keep: ["it's*"], untagged: true })).toBe(
      "berthctl prune 'My lab/vision/x' --keep-last 5 --older-than 90d --keep 'it'\\''s*' --untagged",
    );
  });

  test("that were kept broken become as at first", () => {
    expect(parseRules(3)).toBeNull();
    expect(parseRules({ keepLast: { on: "yes" }, keep: [1, "a"], matching: 4 })).toEqual({ ...firstRules, keep: ["a"] });
    expect(parseRules(JSON.parse(JSON.stringify({ ...firstRules, keepSemver: true })))).toEqual({ ...firstRules, keepSemver: true });
  });
});

describe("the foot", () => {
  const known = { typed: "", connection: "GHCR", byRules: true, canCheck: true };
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

  test("says in the same place what cannot be undone", () => {
    expect(undoWords(prune(asDrawn))).toBe("This can be undone for 30 days.");
    expect(undoWords({ ...prune(asDrawn), warnings: ["acme/x: this cannot be undone"] })).toBe("This cannot be undone.");
  });
});
