import { describe, expect, it } from "vitest";
import { createWorld } from "../../../ipc/double/world";
import { itemsOf } from "./journalItems";
import { possibilities } from "./possible";

const [first] = createWorld("").changes.journal;
if (first === undefined) throw new Error("the double has a journal");
const entry = (started: string, state = "done", stepsDone = 1) => ({
  ...first.entry,
  id: started,
  started,
  state,
  done: { ...first.entry.done, steps: stepsDone },
});

describe("the journal by day", () => {
  it("has a heading for each day; the first of a year names it", () => {
    const items = itemsOf(
      ["2026-11-20T12:00:00", "2026-11-20T09:00:00", "2026-11-19T09:00:00", "2025-12-31T09:00:00"].map((at) => entry(at)),
    );
    expect(items.map((item) => (item.kind === "day" ? item.name : item.index))).toEqual([
      "Friday, 20 Nov 2026",
      0,
      1,
      "Thursday, 19 Nov",
      2,
      "Wednesday, 31 Dec 2025",
      3,
    ]);
    expect(itemsOf([])).toEqual([]);
  });
});

describe("what is still possible", () => {
  it.each([
    ["done", 1, ["undo"]],
    ["partial", 1, ["undo", "finish"]],
    ["cancelled", 1, ["undo", "finish"]],
    ["failed", 0, ["finish"]],
    ["interrupted", 0, ["finish", "rollBack"]],
    ["running", 1, []],
    ["undone", 1, []],
  ])("with a change that is %s", (state, done, possible) => {
    expect(possibilities(entry("2026-11-20T12:00:00", state, done))).toEqual(possible);
  });
});
