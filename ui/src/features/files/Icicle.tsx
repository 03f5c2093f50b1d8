/** Where the bytes are: folders as bars over what they hold, files in the colour of their layer. One image; the tree has the keys. */
import { useElementSize } from "@mantine/hooks";
import { memo, type PointerEvent, useMemo } from "react";
import type { IcicleNode } from "../../ipc";
import { useFormat } from "../../shared/format";
import { focusLayer, layerColour } from "../../shared/layers";
import classes from "./Icicle.module.css";
import { type IcicleRectangle, icicleHeight, icicleLayout, rectangleOf } from "./icicleLayout";
import { namedByLayer, plainPath } from "./treeRows";

interface IcicleProps {
  root: IcicleNode;
  /** The selected path in the tree. */
  selected: string | null;
  /** What each layer is called. */
  layerName: (digest: string) => string;
  onSelect: (path: string, folders: readonly string[]) => void;
}

export const Icicle = memo(function Icicle({ root, selected, layerName, onSelect }: IcicleProps) {
  const { bytes } = useFormat();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const rectangles = useMemo(() => icicleLayout(root, width), [root, width]);
  const marked = rectangleOf(rectangles, selected);
  const under = (event: { target: EventTarget }): IcicleRectangle | undefined =>
    event.target instanceof HTMLElement ? rectangles[Number(event.target.dataset.place ?? "-1")] : undefined;
  const over = (event: PointerEvent) => {
    const node = under(event)?.node;
    // A folder belongs to no layer: its name is in its title, and nothing is dimmed for it.
    if (node === undefined || node.layer === null) return focusLayer(null);
    const text = `${namedByLayer(node.name, layerName)} · ${bytes(node.sizeBytes)} · ${layerName(node.layer)}`;
    focusLayer({ digest: node.layer, text, x: event.clientX, y: event.clientY });
  };
  const largest = root.children[0];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree below is the same thing for the keyboard
    <div
      ref={ref}
      role="img"
      aria-label={`Where the bytes are, by folder: ${bytes(root.sizeBytes)}${largest ? `, most in ${namedByLayer(largest.name, layerName)} (${bytes(largest.sizeBytes)})` : ""}`}
      className={classes.icicle}
      style={{ height: icicleHeight(rectangles) }}
      onPointerOver={over}
      onPointerLeave={() => focusLayer(null)}
      onClick={(event) => {
        const hit = under(event);
        if (hit) onSelect(hit.node.path, hit.ancestors);
      }}
    >
      {rectangles.map((rectangle, place) => (
        <Segment
          key={`${place} ${rectangle.node.path}`}
          rectangle={rectangle}
          place={place}
          marked={rectangle === marked}
          label={namedByLayer(rectangle.node.name, layerName)}
          title={
            rectangle.node.layer === null
              ? `${namedByLayer(plainPath(rectangle.node.path), layerName)}, ${bytes(rectangle.node.sizeBytes)}`
              : undefined
          }
        />
      ))}
    </div>
  );
});

interface SegmentProps {
  rectangle: IcicleRectangle;
  place: number;
  marked: boolean;
  label: string;
  title: string | undefined;
}

function Segment({ rectangle, place, marked, label, title }: SegmentProps) {
  const { node, left, top, width, labelled } = rectangle;
  const colour = node.layer === null ? null : layerColour(node.layer);
  return (
    <span
      className={classes.segment}
      title={title}
      data-place={place}
      data-layer-hue={colour?.hue}
      data-striped={colour?.hatched || undefined}
      data-layer={node.layer ?? undefined}
      data-tiny={!labelled || undefined}
      data-marked={marked || undefined}
      style={{ left, top, width }}
    >
      {labelled ? label : null}
    </span>
  );
}
