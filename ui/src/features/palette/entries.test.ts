import { describe, expect, it } from "vitest";
import type { SearchHit } from "../../ipc";
import { marked, nameOf, sectionsOf } from "./entries";

const hit = (part: Partial<SearchHit>): SearchHit => ({
  connectionId: "ghcr",
  connection: "GHCR",
  repository: "vision/defect-detector",
  tag: null,
  digest: null,
  matched: "",
  kind: "repository",
  ...part,
});
const tag = (name: string, digest = "sha256:802604da201c9f3e") => hit({ tag: name, digest, kind: "tag", matched: name });

const titles = (text: string, hits: SearchHit[]) => sectionsOf(text, hits, []).map((section) => section.title);

describe("the palette", () => {
  it("offers what was opened last, then the actions, while nothing is typed", () => {
    const sections = sectionsOf("  ", [], [hit({})]);
    expect(sections.map((section) => section.title)).toEqual(["Last opened", "Actions"]);
    expect(sections[1]?.entries.map((entry) => entry.kind === "action" && entry.label)).toContain("Synchronise");
  });

  it("puts tags first, then what can be done with the first of them, then repositories", () => {
    expect(titles("1.4 def", [hit({}), tag("1.4.2"), tag("1.4.0")])).toEqual(["Tags", "Actions on 1.4.2", "Repositories"]);
    const [, doing] = sectionsOf("1.4 def", [tag("1.4.2")], []);
    expect(doing?.entries.map((entry) => entry.kind)).toEqual(["promote", "copy", "pull", "page", "compare", "comparePrevious", "tray"]);
  });

  it("finds actions by any of their words, and keeps the program's order of hits", () => {
    expect(titles("synch", [])).toEqual(["Actions"]);
    expect(titles("nothing like this", [])).toEqual([]);
    const [tags] = sectionsOf("x", [tag("b"), tag("a")], []);
    expect(tags?.entries.map((entry) => entry.kind === "tag" && entry.hit.tag)).toEqual(["b", "a"]);
  });

  it("leaves out actions that do nothing where the window is", () => {
    expect(sectionsOf("chart", [], [], (action) => action !== "chart")).toEqual([]);
    expect(sectionsOf("chart", [], [])).toHaveLength(1);
  });

  it("shows a bounded number", () => {
    const [tags, , repositories] = sectionsOf(
      "x",
      [
        ...Array.from({ length: 40 }, (_, position) => tag(`1.${position}`)),
        ...Array.from({ length: 40 }, (_, position) => hit({ repository: `r${position}` })),
      ],
      [],
    );
    expect(tags?.entries).toHaveLength(12);
    expect(repositories?.entries).toHaveLength(8);
  });

  it("has one name for each entry, also where a tag is found twice", () => {
    const entries = sectionsOf("x", [tag("1"), hit({ ...tag("1"), kind: "label", matched: "licence MIT" })], []).flatMap(
      (section) => section.entries,
    );
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
  });

  it("names a hit by its tag, else by its digest", () => {
    expect(nameOf(tag("1.4.2"))).toBe("1.4.2");
    expect(nameOf(hit({ digest: "sha256:802604da201c9f3e", kind: "digest" }))).toBe("802604da201c");
    expect(nameOf(hit({}))).toBe("vision/defect-detector");
  });
});

describe("what matched", () => {
  it("is marked, overlapping words as one", () => {
    expect(marked("defect-detector", ["def", "efe"])).toEqual([
      { text: "defe", match: true },
      { text: "ct-detector", match: false },
    ]);
    expect(marked("1.4.2", ["x"])).toEqual([{ text: "1.4.2", match: false }]);
    expect(marked("AbAb", ["ab"])).toEqual([{ text: "AbAb", match: true }]);
  });
});
