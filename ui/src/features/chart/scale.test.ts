import { describe, expect, it } from "vitest";
import { labelStep, namesBelow, places, scaleOf, shortName, tickTexts } from "./scale";

describe("the scale", () => {
  it("has a few round steps that hold all values, and need not start at 0", () => {
    const scale = scaleOf([0.899, 0.958]);
    expect(scale?.ticks).toEqual([0.88, 0.9, 0.92, 0.94]);
    expect(scale?.least).toBeLessThanOrEqual(0.899);
    expect(tickTexts(scale?.ticks ?? [])).toEqual(["0.88", "0.90", "0.92", "0.94"]);
  });

  it("holds where all values are one, negative or none", () => {
    expect(scaleOf([])).toBeNull();
    for (const values of [[5], [0, 0], [-3, -3], [-1e9, 1e9], [1e-9, 2e-9]]) {
      const scale = scaleOf(values);
      expect(scale?.least, String(values)).toBeLessThanOrEqual(Math.min(...values));
      expect(scale?.most, String(values)).toBeGreaterThanOrEqual(Math.max(...values));
      expect(scale?.ticks.length, String(values)).toBeGreaterThan(1);
      expect(scale?.ticks.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("points", () => {
  it("stand evenly by version, and where they belong by time", () => {
    const created = ["2026-01-01T00:00:00Z", null, "2026-01-02T00:00:00Z", "2026-01-05T00:00:00Z"].map((time) => ({ created: time }));
    expect(places(created, "version")).toEqual([0, 1 / 3, 2 / 3, 1]);
    expect(places(created, "time")).toEqual([0, null, 0.25, 1]);
    expect(places([{ created: null }], "version")).toEqual([0.5]);
    expect(places([{ created: "2026-01-01T00:00:00Z" }], "time")).toEqual([0.5]);
  });

  it("are named as far as there is room", () => {
    expect(labelStep(10, 420, 42)).toBe(1);
    expect(labelStep(100, 420, 42)).toBe(10);
    expect(labelStep(5, 0, 42)).toBe(5);
    expect(shortName("1.5.0-rc.2")).toBe("rc.2");
    expect(shortName("pr-218")).toBe("pr-218");
  });
});

it("a name that would overlap the one before stands below its point", () => {
  const at = (x: number, name: string) => ({ x, name });
  expect(namesBelow([at(100, "production"), at(120, "staging"), at(300, "staging")])).toEqual([false, true, false]);
  expect(namesBelow([])).toEqual([]);
});
