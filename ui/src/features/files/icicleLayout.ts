/** Places the nodes of an icicle: one row of 20 px per depth, width by size. Pure; pixels in, rectangles out. */
import type { IcicleNode } from "../../ipc";

export const icicleRow = 20;
/** Rows that fit the strip. */
const deepest = 7;
/** Narrower segments are left out: they could be neither seen nor hit. */
const narrowest = 2;
/** Below this width a segment has no label. */
const narrowestLabel = 26;

export interface IcicleRectangle {
  node: IcicleNode;
  left: number;
  top: number;
  width: number;
  labelled: boolean;
  /** The paths of the nodes above it, outermost first; without the root. */
  ancestors: string[];
}

/** The root itself is not drawn: it would be one bar over the whole width that says nothing. */
export function icicleLayout(root: IcicleNode, width: number): IcicleRectangle[] {
  const rectangles: IcicleRectangle[] = [];
  if (root.sizeBytes > 0 && width > 0) place(root, 0, width, 0, [], rectangles);
  return rectangles;
}

function place(parent: IcicleNode, left: number, width: number, depth: number, ancestors: string[], into: IcicleRectangle[]) {
  if (depth >= deepest) return;
  let at = left;
  for (const node of parent.children) {
    const share = (node.sizeBytes / parent.sizeBytes) * width;
    // One pixel between neighbours, so that equal colours stay apart.
    const visible = share - 1;
    if (visible >= narrowest) {
      into.push({ node, left: at, top: depth * icicleRow, width: visible, labelled: visible >= narrowestLabel, ancestors });
      if (node.sizeBytes > 0) place(node, at, visible, depth + 1, [...ancestors, node.path], into);
    }
    at += share;
  }
}

/** Rows in use: the strip is no higher than what it shows. */
export function icicleHeight(rectangles: readonly IcicleRectangle[]): number {
  return rectangles.reduce((height, rectangle) => Math.max(height, rectangle.top + icicleRow), icicleRow);
}

/** The rectangle that stands for a path: its own, else that of the nearest folder above it. */
export function rectangleOf(rectangles: readonly IcicleRectangle[], path: string | null): IcicleRectangle | null {
  if (path === null) return null;
  let best: IcicleRectangle | null = null;
  for (const rectangle of rectangles) {
    const own = rectangle.node.path;
    const holds = own === path || path.startsWith(`${own}/`);
    if (holds && (best === null || own.length > best.node.path.length)) best = rectangle;
  }
  return best;
}
