import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { formatBytes } from "./bytes";
import { counted, formatCount, formatMetric } from "./numbers";
import { dayOf, formatAge, formatDay, formatMonths, formatRelative, momentOf } from "./times";

const cases: { bytes: number; si: string; iec: string }[] = JSON.parse(readFileSync("../tests/fixtures/byte_sizes.json", "utf8"));

describe("sizes", () => {
  it("are written as berthctl writes them, with a narrow space", () => {
    const narrow = (text: string) => text.replace(" ", "\u202F");
    for (const { bytes, si, iec } of cases) {
      expect(formatBytes(bytes, "si"), `${bytes} in SI`).toBe(narrow(si));
      expect(formatBytes(bytes, "iec"), `${bytes} in IEC`).toBe(narrow(iec));
    }
    expect(cases.length).toBeGreaterThan(30);
  });
});

describe("numbers", () => {
  it("have groups of thousands and a real minus", () => {
    expect(formatCount(1214)).toBe("1\u202F214");
    expect(formatCount(999)).toBe("999");
    expect(formatCount(-1_100_000)).toBe("\u22121\u202F100\u202F000");
    expect(counted(1, "tag")).toBe("1 tag");
    expect(counted(0, "repository", "repositories")).toBe("0 repositories");
  });

  it("of metrics keep what was measured", () => {
    expect(formatMetric(0.9)).toBe("0.900");
    expect(formatMetric(0.95812)).toBe("0.95812");
    expect(formatMetric(-0.5)).toBe("\u22120.500");
    expect(formatMetric(11.8)).toBe("11.8");
    expect(formatMetric(12345.678901)).toBe("12\u202F345.7");
    expect(formatMetric(-2.5)).toBe("\u22122.5");
    expect(formatMetric(42)).toBe("42");
    expect(formatMetric(null)).toBe("—");
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  const written = (milliseconds: number) => formatRelative(new Date(now - milliseconds).toISOString(), now).replaceAll("\u202F", " ");
  const hour = 3_600_000;
  const day = 24 * hour;

  it("are short and relative", () => {
    expect(written(20_000)).toBe("just now");
    expect(written(2 * 60_000)).toBe("2 min ago");
    expect(written(9 * hour)).toBe("9 h ago");
    expect(written(3 * day)).toBe("3 d ago");
    expect(written(21 * day)).toBe("3 wk ago");
    expect(written(120 * day)).toBe("3 mo ago");
    expect(written(400 * day)).toBe("1 yr ago");
  });

  it("ahead of the clock are not called old, and nonsense is unknown", () => {
    expect(written(-3 * day)).toBe("in 3 d");
    expect(formatRelative("yesterday", now)).toBe("—");
    expect(formatAge("yesterday", now)).toBe("—");
  });

  it("of a span name the months", () => {
    expect(formatMonths("2026-04-02T00:00:00Z", "2026-07-20T00:00:00Z")).toBe("Apr to Jul 2026");
    expect(formatMonths("2025-11-12T00:00:00Z", "2026-02-12T00:00:00Z")).toBe("Nov 2025 to Feb 2026");
    expect(formatMonths("2026-07-12T00:00:00Z", "2026-07-13T00:00:00Z")).toBe("Jul 2026");
  });
});

describe("days that a person chooses", () => {
  const { TZ } = process.env;
  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  it.each(["Asia/Tokyo", "America/New_York", "UTC"])("are days where the person is: %s", (zone) => {
    process.env.TZ = zone;
    for (const end of [false, true]) {
      const moment = momentOf("2026-09-15", end) ?? "";
      expect(dayOf(moment)).toBe("2026-09-15");
      expect(formatDay(moment)).toBe("15 Sep 2026");
    }
    expect(Date.parse(momentOf("2026-09-15", true) ?? "") - Date.parse(momentOf("2026-09-15", false) ?? "")).toBe(24 * 3_600_000 - 1000);
  });

  it("are none while they are typed", () => {
    expect(momentOf("", false)).toBeNull();
    expect(momentOf("12026-09-15", true)).toBeNull();
  });
});
