import { describe, expect, it } from "vitest";
import type { ChannelSetting, VersionDetail } from "../../../ipc";
import { versionDetail } from "../../../ipc/double/answerDetail";
import { defectDetector } from "../../../ipc/double/data/versions";
import { createWorld, defaultSettings } from "../../../ipc/double/world";
import { formatBytes } from "../../../shared/format";
import { compared, signedDifference } from "./comparison";
import { attached, left, listed, stays } from "./moves";
import { asksFirst, firstTarget, nextTarget } from "./targets";

const { channels } = defaultSettings;
const tags = (...names: string[]) => names.map((name) => ({ name }));
const channel = (name: string, mark: ChannelSetting["mark"], asks = false): ChannelSetting => ({
  name,
  mark,
  asksFirst: asks,
  requires: [],
});

describe("the next channel", () => {
  it.each([
    ["of a version on none is the first step", tags("1.4.1"), "staging"],
    ["after staging is production", tags("1.4.2", "staging", "latest"), "production"],
    ["after production there is none, also where the steps before were left out", tags("1.4.0", "production"), null],
    ["is not a ring", tags("latest", "nightly"), "staging"],
  ])("%s", (_, on, next) => expect(nextTarget(channels, on)).toBe(next));

  it("follows the settings' order towards production, also over more steps", () => {
    const four = [channel("production", "full"), channel("staging", "half"), channel("test", "half"), channel("latest", "ring")];
    expect(nextTarget(four, tags())).toBe("test");
    expect(nextTarget(four, tags("test"))).toBe("staging");
    expect(nextTarget(four, tags("staging"))).toBe("production");
  });

  it("may be a ring where the settings name nothing else, and none where they name none", () => {
    expect(nextTarget([channel("stable", "ring"), channel("edge", "ring")], tags())).toBe("edge");
    expect(nextTarget([], tags())).toBeNull();
    expect(firstTarget([], tags())).toBe("production");
  });

  it("of the dialog is any that is free", () => {
    expect(firstTarget(channels, tags("production"))).toBe("staging");
    expect(firstTarget(channels, tags("production", "staging"))).toBe("latest");
  });
});

describe("asking first", () => {
  it("is what the settings say, of production by default", () => {
    expect(channels.filter(asksFirst).map((one) => one.name)).toEqual(["production"]);
    expect(asksFirst(channel("production", "full"))).toBe(false);
    expect(asksFirst(channel("staging", "half", true))).toBe(true);
  });

  it("is done for a tag that is no channel", () => expect(asksFirst(undefined)).toBe(true));
});

const world = createWorld("");
function detail(name: string): VersionDetail {
  const digest = defectDetector.find((one) => one.row.tags.some((tag) => tag.name === name))?.row.digest ?? "";
  return versionDetail(world, { connectionId: "ghcr", repository: "vision/defect-detector", digest });
}
const rowOf = (name: string, before: VersionDetail | null, after: VersionDetail) =>
  compared(before, after, formatBytes).rows.find((row) => row.name === name);

describe("the comparison", () => {
  it.each([
    [0.941, 0.947, "+0.006"],
    [11.9, 11.8, "\u22120.1"],
    [0.1, 0.30000000000000004, "+0.200000"],
    [3, 3, ""],
    [1, 1.5, "+0.5"],
  ])("from %d to %d says %s", (from, to, said) => expect(signedDifference(from, to)).toBe(said));

  it("has the facts of both and signs", () => {
    const [before, after] = [detail("1.4.0"), detail("1.4.2")];
    expect(rowOf("Digest", before, after)).toMatchObject({ before: "a05cc0b8", after: "802604da" });
    expect(rowOf("accuracy", before, after)).toMatchObject({ before: "0.941", after: "0.947", difference: "+0.006" });
    expect(rowOf("Created", before, after)?.difference).toBe("42 days");
    expect(rowOf("Created", after, before)?.difference).toBe("\u221242 days");
    expect(rowOf("Size", before, after)?.difference).toMatch(/^274.MB to pull$/);
  });

  it("leaves out facts that are the same, but never the dataset", () => {
    const [before, after] = [detail("1.4.1"), detail("1.4.2")];
    expect(rowOf("Framework", before, after)).toBeUndefined();
    expect(rowOf("Dataset", before, after)).toMatchObject({ difference: "" });
    const other = { ...after, card: { ...after.card, dataset: "line-scan-2026-11" } };
    expect(rowOf("Dataset", before, other)).toMatchObject({ after: "line-scan-2026-11", difference: "changed" });
  });

  it("says unknown where there is nothing yet or a metric is missing, never 0", () => {
    const after = detail("1.4.2");
    expect(rowOf("accuracy", null, after)).toMatchObject({ before: "—", after: "0.947", difference: "" });
    expect(rowOf("Signed", null, after)).toMatchObject({ before: "—", after: "yes" });
    expect(rowOf("Size", null, after)).toMatchObject({ before: "—", difference: "" });
  });

  it("shows a bounded number of metrics and counts the others", () => {
    const after = detail("1.4.2");
    const metrics = Array.from({ length: 40 }, (_, position) => ({ name: `m${position}`, value: position }));
    expect(compared(null, { ...after, card: { ...after.card, metrics } }, formatBytes).moreMetrics).toBe(28);
  });
});

describe("what moves", () => {
  it("is told with what stays", () => {
    expect(stays("1.4.2", tags("1.4.2", "staging", "1.4", "latest"), "production")).toBe("staging, 1.4 and latest stay on 1.4.2");
    expect(stays("1.4.2", tags("1.4.2", "production"), "production")).toBeNull();
    expect(stays("1.4.2", tags("1.4.2", "1.4"), "production")).toBe("1.4 stays on 1.4.2");
  });

  it("and with what becomes of the version before", () => {
    expect(left("1.4.0", tags("1.4.0", "production"), "production")).toBe("1.4.0 keeps its own tag");
    expect(left("a05cc0b8", tags("production"), "production")).toBe("a05cc0b8 has no tag then");
    expect(left("production", tags("production", "old"), "production")).toBe("production keeps old");
  });

  it("counts what goes along", () => {
    expect(attached([{ kind: "Signature" }, { kind: "SBOM" }, { kind: "SBOM" }])).toBe("1 signature and 2 SBOMs");
    expect(attached([])).toBeNull();
    expect(listed(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d and 3 more");
  });
});
