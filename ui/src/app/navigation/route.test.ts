import { describe, expect, it, test } from "vitest";
import type { VersionAt } from "../../ipc";
import { sequence } from "../../ipc/double/random";
import { formatCompare, letterOf, mostCompared, without } from "./compareRoute";
import { formatRoute, parseRoute, type Route, startRoute } from "./route";

const digest = `sha256:${"80".repeat(32)}`;
const at = (part: Partial<VersionAt> = {}): VersionAt => ({
  connectionId: "ghcr",
  repository: "vision/defect-detector",
  digest,
  platform: null,
  ...part,
});
const compare = (versions: readonly VersionAt[], reference = 0) => ({ page: "compare" as const, versions, reference });

describe("the address of a comparison", () => {
  it("is read as it was written, whatever stands in the names", () => {
    const next = sequence(5);
    const signs = ["a", "Z", "7", "/", ",", "%", "#", "?", " ", ":", "ü", "嗨", "&", "+", "%2F", "🙂", "\\", '"'];
    const word = () => Array.from({ length: 1 + Math.floor(next() * 9) }, () => signs[Math.floor(next() * signs.length)]).join("");
    for (let time = 0; time < 500; time += 1) {
      const versions = Array.from({ length: Math.floor(next() * (mostCompared + 1)) }, () =>
        at({ connectionId: word(), repository: word(), platform: next() < 0.5 ? null : word() }),
      );
      const route = compare(versions, Math.floor(next() * Math.max(1, versions.length)));
      expect(parseRoute(formatRoute(route))).toEqual(route);
    }
  });

  it("can be read by people", () => {
    expect(formatCompare(compare([at(), at({ platform: "linux/amd64" })], 1))).toBe(
      `#/compare/B/ghcr,vision%2Fdefect-detector,sha256%3A${"80".repeat(32)}/ghcr,vision%2Fdefect-detector,sha256%3A${"80".repeat(32)},linux%2Famd64`,
    );
  });

  test.each([
    ["no version", "#/compare"],
    ["a letter alone", "#/compare/A"],
  ])("may have %s", (_, hash) => expect(parseRoute(hash)).toEqual(compare([])));

  const good = formatCompare(compare([at()])).slice("#/compare/A/".length);
  test.each([
    ["nine versions", `#/compare/A/${Array.from({ length: 9 }, () => good).join("/")}`],
    ["a reference that is not there", `#/compare/C/${good}/${good}`],
    ["no letter for the reference", `#/compare/${good}`],
    ["a small letter", `#/compare/a/${good}`],
    ["no digest", "#/compare/A/ghcr,vision%2Fx"],
    ["what is no digest", "#/compare/A/ghcr,vision%2Fx,1.4.2"],
    ["an empty name", `#/compare/A/,vision%2Fx,${digest}`],
    ["an empty platform", `#/compare/A/${good},`],
    ["a part too many", `#/compare/A/${good},linux,more`],
    ["an empty version", `#/compare/A/${good}/`],
    ["a broken escape", `#/compare/A/gh%E0%A4,vision%2Fx,${digest}`],
  ])("with %s leads to the start", (_, hash) => expect(parseRoute(hash)).toEqual(startRoute));
});

describe("a version that is taken out", () => {
  const [a, b, c] = ["a", "b", "c"].map((repository) => at({ repository })) as [VersionAt, VersionAt, VersionAt];
  it("leaves the reference where it was", () => {
    expect(without(compare([a, b, c], 2), 0)).toEqual(compare([b, c], 1));
    expect(without(compare([a, b, c], 0), 2)).toEqual(compare([a, b], 0));
  });
  it("makes the first the reference where it was that itself", () => {
    expect(without(compare([a, b, c], 1), 1)).toEqual(compare([a, c], 0));
    expect(without(compare([a]), 0)).toEqual(compare([]));
  });
});

it("eight versions have letters", () =>
  expect(Array.from({ length: mostCompared }, (_, place) => letterOf(place)).join("")).toBe("ABCDEFGH"));

describe("the other addresses", () => {
  const places = { connectionId: "lab", repository: "a/b" };
  test.each<Route>([
    startRoute,
    { page: "browse", ...places, digest: null },
    { page: "browse", ...places, digest },
    { page: "version", ...places, digest, tab: "files" },
    { page: "plan", ...places, change: "prune" },
    { page: "copy", change: "promote", ...places, digest, by: "Frankfurt" },
    { page: "journal", id: "12" },
    { page: "settings" },
  ])("are read as they were written: $page", (route) => expect(parseRoute(formatRoute(route))).toEqual(route));
});
