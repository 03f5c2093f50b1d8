import { mockIPC } from "@tauri-apps/api/mocks";
import { describe, expect, it } from "vitest";
import type { VersionRow } from "../../ipc";
import { pagesNear } from "../../shared/usePagesInView";
import { cellTitle } from "./cells";
import { allColumns, fittingColumns, gridTemplate, inFace, sameSort } from "./columns";
import { placeOfRow, placesOf, rowOfPlace } from "./places";
import { nothingSelected, ranged, rangeOf, selectionLimit, toggled } from "./selection";
import { placeOf } from "./useFollow";
import type { VersionRows } from "./useVersionRows";
import { chipCount, firstChoices, initialView, isFiltered, parseView, queryOf } from "./viewState";

const ids = (columns: readonly { id: string }[]) => columns.map((column) => column.id);

describe("columns", () => {
  const all = allColumns(["accuracy"], []);

  it("stand as at first, metrics before what comes last", () => {
    expect(ids(all)).toEqual([
      "version",
      "kind",
      "size",
      "layers",
      "created",
      "platforms",
      "metric accuracy",
      "signed",
      "digest",
      "pushed",
    ]);
  });

  it("follow the person's order; new ones come after, the version stays first", () => {
    const order = ["metric gone", "size", "version", "metric accuracy"];
    expect(ids(allColumns(["accuracy", "f1"], order)).slice(0, 4)).toEqual(["version", "size", "metric accuracy", "kind"]);
    expect(ids(allColumns(["accuracy", "f1"], order))).toContain("metric f1");
  });

  it("go in the order of the look where the table is narrow, and the version keeps its width", () => {
    const shown = all.filter((column) => column.id !== "pushed");
    expect(ids(fittingColumns(shown, 2000, false))).toEqual(ids(shown));
    const gone = (width: number) => ids(shown).filter((id) => !ids(fittingColumns(shown, width, true)).includes(id));
    expect(gone(700)).toEqual(["platforms"]);
    expect(gone(600)).toEqual(["kind", "platforms"]);
    expect(gone(300)).toEqual(["kind", "layers", "created", "platforms"]);
  });

  it("widen for a wide face and never get narrower", () => {
    const width = (columns: readonly { id: string; width: number | null }[], id: string) => columns.find((one) => one.id === id)?.width;
    const wide = inFace(all, (text) => text.length * 10);
    expect(width(wide, "platforms")).toBe(11 * 10 + 13);
    expect(width(wide, "digest")).toBe(78);
    expect(
      width(
        inFace(all, () => 1),
        "platforms",
      ),
    ).toBe(94);
    expect(gridTemplate(all.slice(0, 2), true)).toBe("28px minmax(0, 1fr) 76px");
  });

  it("know what is sorted", () => {
    expect(sameSort({ metric: "f1" }, { metric: "f1" })).toBe(true);
    expect(sameSort({ metric: "f1" }, { metric: "accuracy" })).toBe(false);
    expect(sameSort("size", "size")).toBe(true);
    expect(sameSort(null, "size")).toBe(false);
  });
});

describe("places", () => {
  it("put one line between the tags of the scheme and the others", () => {
    const places = placesOf(5, 3);
    expect(places).toEqual({ count: 6, divider: 3 });
    expect([0, 1, 2, 3, 4, 5].map((place) => rowOfPlace(places, place))).toEqual([0, 1, 2, null, 3, 4]);
    for (let row = 0; row < 5; row += 1) expect(rowOfPlace(places, placeOfRow(places, row))).toBe(row);
  });

  it.each([null, 0, 5])("have no line where the others begin at %s", (otherFrom) => {
    expect(placesOf(5, otherFrom)).toEqual({ count: 5, divider: -1 });
  });
});

describe("pages", () => {
  it("are read a little before they come into view, but never the first", () => {
    expect(pagesNear(0, 30, 100_000, 100, 1)).toEqual([]);
    expect(pagesNear(20, 60, 100_000, 100, 1)).toEqual([1]);
    expect(pagesNear(195, 230, 100_000, 100, 1)).toEqual([1, 2]);
    expect(pagesNear(99_970, 99_999, 100_000, 100, 1)).toEqual([999]);
    expect(pagesNear(0, 30, 80, 100, 1)).toEqual([]);
  });
});

describe("the place of a version that the address names", () => {
  const digestAt = (place: number) => `sha256:${place}`;
  const rowsFrom = (from: number, limit: number) =>
    Array.from({ length: limit }, (_, offset) => ({ digest: digestAt(from + offset) }) as VersionRow);
  const rows = { summary: { total: 250_000, rows: rowsFrom(0, 100) }, query: {} } as Pick<VersionRows, "summary" | "query">;

  function answer(during: (asked: number) => void = () => undefined) {
    const asked: number[] = [];
    mockIPC((_, payload) => {
      const { offset, limit } = payload as { offset: number; limit: number };
      asked.push(offset);
      during(asked.length);
      return { rows: rowsFrom(offset, limit) };
    });
    return asked;
  }
  const look = (place: number, signal = new AbortController().signal) => placeOf(digestAt(place), rows, signal);

  it("is known at once on the first page, else the rows are looked through", async () => {
    const asked = answer();
    expect(await look(99)).toBe(99);
    expect(asked).toEqual([]);
    expect(await look(12_345)).toBe(12_345);
    expect(asked).toHaveLength(13);
  });

  it("is looked for up to a bound", async () => {
    const asked = answer();
    expect(await look(99_999)).toBe(99_999);
    asked.length = 0;
    expect(await look(100_001)).toBeNull();
    expect(asked.at(-1)).toBe(99_100);
  });

  it("is not looked for when the person is elsewhere already, or the rows cannot be read", async () => {
    const left = new AbortController();
    const asked = answer((count) => count === 3 && left.abort());
    expect(await look(50_000, left.signal)).toBeNull();
    expect(asked).toHaveLength(3);
    mockIPC(() => Promise.reject({ code: "storage", message: "The index could not be read", hint: null, retryable: true }));
    expect(await look(50_000)).toBeNull();
  });
});

describe("a selection", () => {
  it("grows and shrinks by single versions", () => {
    const two = toggled(toggled(nothingSelected, "a", 1), "b", 4);
    expect([...two.digests]).toEqual(["a", "b"]);
    expect(two.anchor).toBe(4);
    expect([...toggled(two, "a", 1).digests]).toEqual(["b"]);
  });

  it("is a range from its anchor, with a bound on the side that moves", () => {
    expect(rangeOf(10, 14)).toEqual({ from: 10, to: 14 });
    expect(rangeOf(10, 3)).toEqual({ from: 3, to: 10 });
    expect(rangeOf(10, 50_000)).toEqual({ from: 10, to: 10 + selectionLimit - 1 });
    expect(rangeOf(50_000, 10)).toEqual({ from: 50_000 - selectionLimit + 1, to: 50_000 });
    const digests = Array.from({ length: selectionLimit + 5 }, (_, position) => String(position));
    expect(ranged(0, digests).digests.size).toBe(selectionLimit);
  });
});

describe("the view of a repository", () => {
  it("is kept but for the text of the filter", () => {
    const view = {
      ...initialView,
      sort: { metric: "f1" },
      descending: false,
      platform: null,
      metrics: ["f1"],
      hidden: ["kind"],
      widths: { size: 90 },
      chart: true,
    };
    const filter = { ...initialView.filter, text: "1.4", kinds: ["image"], labels: [{ key: "licence", value: "MIT" }] };
    expect(parseView(JSON.parse(JSON.stringify({ ...view, filter })))).toEqual({ ...view, filter: { ...filter, text: "" } });
  });

  it("is as at first where what was kept makes no sense", () => {
    expect(parseView("no")).toBeNull();
    expect(
      parseView({ sort: "colour", filter: 7, metrics: [1, "f1"], hidden: null, widths: { size: "wide", kind: 1e9 }, axis: "up" }),
    ).toEqual({
      ...initialView,
      metrics: ["f1"],
      widths: { kind: 400 },
    });
  });

  it("begins with linux/amd64 and accuracy where there is a choice", () => {
    expect(firstChoices(["linux/arm64", "linux/amd64"], ["f1", "accuracy"])).toEqual({ platform: "linux/amd64", metrics: ["accuracy"] });
    expect(firstChoices(["linux/arm64"], ["f1"])).toEqual({ platform: null, metrics: ["f1"] });
    expect(firstChoices([], [])).toEqual({ platform: null, metrics: [] });
  });

  it("asks for what it shows", () => {
    const view = { ...initialView, filter: { ...initialView.filter, platform: "linux/arm64", createdAfter: "2026-01-01T00:00:00Z" } };
    expect(queryOf("ghcr", "a/b", view)).toMatchObject({
      connectionId: "ghcr",
      repository: "a/b",
      platform: null,
      metrics: [],
      sort: "version",
    });
    expect(chipCount(view.filter)).toBe(2);
    expect(isFiltered(initialView.filter)).toBe(false);
    expect(isFiltered({ ...initialView.filter, text: "x" })).toBe(true);
  });
});

describe("the full text of a cell", () => {
  it("is there where the cell is short", () => {
    const row = { tags: [{ name: "1.0" }, { name: "latest" }], sizeBytes: null, created: null, platforms: ["linux/amd64"], digest: null };
    const title = (column: string) => cellTitle(column, row as unknown as VersionRow, { now: 0, bytes: String, when: String });
    expect(title("version")).toBe("1.0, latest");
    expect(title("size")).toBe("");
    expect(title("platforms")).toBe("linux/amd64");
    expect(title("digest")).toBe("");
  });
});
