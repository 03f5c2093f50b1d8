import { describe, expect, it } from "vitest";
import { fitTags } from "../tags/fitTags";
import { layerColour } from "./layerColour";

describe("the colour of a layer", () => {
  it("comes from the first four bytes of its digest", () => {
    expect(layerColour("sha256:00000000ffff")).toEqual({ hue: 0, hatched: false });
    expect(layerColour("sha256:0000000cffff")).toEqual({ hue: 0, hatched: true });
    expect(layerColour("sha256:00000017ffff")).toEqual({ hue: 11, hatched: true });
    expect(layerColour("sha256:00000018ffff")).toEqual({ hue: 0, hatched: false });
    expect(layerColour("sha512:ffffffff0000")).toEqual({ hue: 0xffffffff % 12, hatched: 0xffffffff % 24 >= 12 });
    expect(layerColour("nothing")).toEqual({ hue: 0, hatched: false });
  });
});

describe("the tags of a version", () => {
  const tags = ["1.4.2", "staging", "1.4", "latest"].map((name) => ({ name, channel: null, protected: false }));

  it("stand as far as there is room; the first always does", () => {
    expect(fitTags(tags, 1000)).toEqual({ shown: tags, more: [] });
    const { shown, more } = fitTags(tags, 150);
    expect([...shown, ...more]).toEqual(tags);
    expect(shown.length).toBeGreaterThan(0);
    expect(more.length).toBeGreaterThan(0);
    expect(fitTags(tags, 0).shown).toEqual([tags[0]]);
    expect(fitTags([], 100)).toEqual({ shown: [], more: [] });
  });
});
