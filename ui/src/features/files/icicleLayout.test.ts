import { expect, test } from "vitest";
import type { IcicleNode } from "../../ipc";
import { icicleHeight, icicleLayout, rectangleOf } from "./icicleLayout";

const leaf = (path: string, sizeBytes: number): IcicleNode => ({ path, name: path, sizeBytes, layer: "sha256:00", children: [] });
const folder = (path: string, children: IcicleNode[]): IcicleNode => ({
  path,
  name: path,
  sizeBytes: children.reduce((sum, child) => sum + child.sizeBytes, 0),
  layer: null,
  children,
});
const root = folder("", [folder("usr", [leaf("usr/a", 600), leaf("usr/b", 200)]), leaf("app", 199), leaf("tiny", 1)]);

test("width is the share of the bytes, one row per depth, what cannot be seen is left out", () => {
  const rectangles = icicleLayout(root, 500);
  expect(rectangles.map((one) => one.node.path)).toEqual(["usr", "usr/a", "usr/b", "app"]);
  const [usr, first] = rectangles;
  expect(usr).toMatchObject({ left: 0, top: 0, labelled: true });
  expect(usr?.width).toBeCloseTo(399);
  expect(first).toMatchObject({ left: 0, top: 20, ancestors: ["usr"] });
  expect(icicleHeight(rectangles)).toBe(40);
});

test("no rectangle leaves its parent or the picture", () => {
  const rectangles = icicleLayout(root, 317);
  for (const { left, width, ancestors } of rectangles) {
    const parent = rectangles.find((one) => one.node.path === ancestors.at(-1));
    expect(left).toBeGreaterThanOrEqual(parent?.left ?? 0);
    expect(left + width).toBeLessThanOrEqual((parent ? parent.left + parent.width : 317) + 0.001);
  }
});

test("a path is shown by its own rectangle, else by the nearest folder above it", () => {
  const rectangles = icicleLayout(root, 500);
  expect(rectangleOf(rectangles, "usr/a")?.node.path).toBe("usr/a");
  expect(rectangleOf(rectangles, "usr/c/deep")?.node.path).toBe("usr");
  expect(rectangleOf(rectangles, "elsewhere")).toBeNull();
});

test("nothing is drawn of nothing", () => {
  expect(icicleLayout(folder("", []), 500)).toEqual([]);
  expect(icicleLayout(root, 0)).toEqual([]);
});
