import { describe, expect, it, test } from "vitest";
import type { ComparedValues, Comparison } from "../../ipc";
import { compare } from "../../ipc/double/answerComparison";
import picture from "../../ipc/double/data/defectDetector.json";
import { createWorld } from "../../ipc/double/world";
import { formatBytes } from "../../shared/format";
import { cellOf, copiedText, isOnePlace, onePlatform, platformsDiffer } from "./cells";
import { type CompareRow, heightOf, lettersOf, rowsOf, sectionsOf } from "./sections";

const digestOf = (tag: string) => picture.versions.find((version) => version.tags.some(([name]) => name === tag))?.digest ?? "";
const comparing = (tags: readonly string[], reference = 0): Comparison =>
  compare(createWorld(""), {
    versions: tags.map((tag) => ({
      connectionId: "ghcr",
      repository: "vision/defect-detector",
      digest: digestOf(tag),
      platform: null,
    })),
    reference,
  });
const three = comparing(["1.4.0", "1.4.2", "1.5.0-rc.2"]);
const notes = (comparison: Comparison) => Object.fromEntries(sectionsOf(comparison).map((section) => [section.id, section.note]));
const values = (row: Partial<ComparedValues>): CompareRow => ({
  kind: "values",
  section: "card",
  row: { path: "x", name: "x", values: [], differences: [], differs: true, ...row },
});
const cells = (row: CompareRow, comparison = three) =>
  comparison.versions.map((_, place) => cellOf(row, comparison, place, (bytes) => formatBytes(bytes)));

describe("the sections", () => {
  it("say how much of them differs, as in the picture", () => {
    expect(notes(three)).toMatchObject({
      card: "9 of 15 fields differ",
      layers: "19 digests; 5 are in A and B, none in all three",
      steps: "1 of 10 steps differs",
    });
    expect(sectionsOf(three).map(({ title, differing }) => [title, differing])).toEqual([
      ["Model card", 9],
      ["Layers", 8],
      ["Build steps", 1],
      ["Configuration", 6],
    ]);
  });

  it("say so where nothing differs", () => {
    expect(notes(comparing(["1.4.2", "1.4.2"]))).toMatchObject({
      card: "all 15 fields are the same",
      layers: "8 digests; 8 are in both",
      config: "all 12 entries are the same",
    });
  });

  test.each([
    [["1.4.0", "1.5.0-rc.2"], "16 digests; none is in both"],
    [["1.4.0", "1.4.1"], "10 digests; 6 are in both"],
    [["1.4.0", "1.4.1", "1.4.2"], "13 digests; 1 is in A and B, 5 in all three"],
    [["1.4.0", "1.4.1", "1.5.0-rc.1", "1.5.0-rc.2"], "20 digests; 12 are in more than one, none in all 4"],
  ])("tell of %j where the layers are", (tags, note) => expect(notes(comparing(tags)).layers).toBe(note));

  it("are left out where there is nothing of theirs", () => {
    expect(sectionsOf({ ...three, history: [], config: [] }).map(({ id }) => id)).toEqual(["card", "layers"]);
  });
});

describe("the rows", () => {
  it("are all of them, or only those that differ; the sums always stand", () => {
    const sections = sectionsOf(three);
    const all = rowsOf(three, sections, false);
    const some = rowsOf(three, sections, true);
    expect(all).toHaveLength(3 + 4 + 15 + 1 + 8 + 10 + 12);
    expect(some).toHaveLength(3 + 4 + 9 + 1 + 8 + 1 + 6);
    expect(some.slice(0, 4).map((row) => row.kind)).toEqual(["pull", "shared", "own", "section"]);
    expect(some.filter((row) => row.kind === "steps").map((row) => row.kind === "steps" && row.place)).toEqual([9]);
  });

  it("are 22 px high, but for the first and the heads", () => {
    expect(new Set(rowsOf(three, sectionsOf(three), false).map(heightOf))).toEqual(new Set([32, 22, 37]));
  });
});

describe("the cells", () => {
  it("stand as same or different from the reference, with what the program says of it", () => {
    const row = values({ values: ["0.941", "0.947", "0.941"], differences: [null, "+0.006", null] });
    expect(cells(row)).toEqual([
      { text: "0.941", note: "", state: "reference" },
      { text: "0.947", note: "+0.006", state: "differs" },
      { text: "0.941", note: "", state: "same" },
    ]);
  });

  it("are held against the reference that is chosen", () => {
    const row = values({ values: [null, "4", null], differences: [null, null, null] });
    expect(cells(row).map(({ note }) => note)).toEqual(["", "added", ""]);
    expect(cells(row, { ...three, reference: 1 }).map(({ note, state }) => [note, state])).toEqual([
      ["removed", "differs"],
      ["", "reference"],
      ["removed", "differs"],
    ]);
  });

  it("tell the bytes as in the picture", () => {
    const plain = (kind: "pull" | "shared") => cells({ kind }).map(({ text }) => text?.replaceAll("\u202F", " "));
    expect(plain("pull")).toEqual(["reference", "274 MB", "2.09 GB"]);
    expect(plain("shared")).toEqual(["2.10 GB in all", "1.83 GB of 2.10 GB", "0 B of 2.09 GB"]);
  });

  it("say that sizes are unknown, not that they are nothing", () => {
    const unknown = three.versions.map((version) => ({
      ...version,
      toPullBytes: null,
      sharedBytes: null,
      ownBytes: null,
      sizeBytes: null,
    }));
    for (const kind of ["pull", "shared", "own"] as const)
      expect(cells({ kind }, { ...three, versions: unknown }).map(({ text }) => text)[1]).toBe("—");
  });

  it("give their own value when they are copied, a layer its whole digest", () => {
    const bytes = (value: number) => formatBytes(value);
    expect(copiedText(values({ values: ["a", "b", "c"], differences: [null, "+1", null] }), three, 1, bytes)).toBe("b");
    const layer = rowsOf(three, sectionsOf(three), true).find((row) => row.kind === "layers");
    expect(layer && copiedText(layer, three, 0, bytes)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe("the columns", () => {
  const [a, b] = three.versions as [Comparison["versions"][number], Comparison["versions"][number]];
  it("say where they are from only where that differs", () => {
    expect(isOnePlace(three.versions)).toBe(true);
    expect(isOnePlace([a, { ...b, repository: "other" }])).toBe(false);
    expect(isOnePlace([a, { ...b, connectionId: "lab" }])).toBe(false);
  });

  it("are of one platform, also beside a model that has none", () => {
    const any = { ...b, platform: "any" };
    expect(onePlatform([a, any])).toBe("linux/amd64");
    expect(platformsDiffer([a, any])).toBe(false);
    expect(platformsDiffer([any, any])).toBe(false);
    expect(platformsDiffer([a, { ...b, platform: "linux/arm64" }])).toBe(true);
  });

  it("have letters", () => {
    expect([lettersOf([0]), lettersOf([0, 1]), lettersOf([0, 1, 3])]).toEqual(["A", "A and B", "A, B and D"]);
  });
});
