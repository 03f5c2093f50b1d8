/** A version's layers as one bar: one colour per digest, one image with one sentence for those who cannot see it. */
import { memo, type PointerEvent } from "react";
import type { LayerSegment } from "../../ipc";
import { formatBytes, longerDigest } from "../format";
import classes from "./LayerBar.module.css";
import { layerPaint } from "./layerColour";
import { focusLayer } from "./layerFocus";

interface LayerBarProps {
  layers: LayerSegment[];
  /** Share of the width that the bar takes, 0 to 1: its size against the largest version shown. */
  share?: number;
  /** The sentence read out; made from the layers when left out. */
  label?: string;
  /** Names a layer on hover; digest and size when left out. */
  describe?: (layer: LayerSegment) => string;
  /** Bytes of other layers, which have no colour here. */
  rest?: number;
  /** 8 in rows, 10 in the detail. */
  height?: 8 | 10;
}

export const LayerBar = memo(function LayerBar({
  layers,
  share = 1,
  label,
  describe = describeLayer,
  rest = 0,
  height = 8,
}: LayerBarProps) {
  const total = layers.reduce((sum, layer) => sum + layer.sizeBytes, rest);
  const over = (event: PointerEvent<HTMLDivElement>) => {
    const digest = event.target instanceof HTMLElement ? event.target.dataset.layer : undefined;
    const layer = layers.find((candidate) => candidate.digest === digest);
    focusLayer(layer ? { digest: layer.digest, text: describe(layer), x: event.clientX, y: event.clientY } : null);
  };
  return (
    <div
      role="img"
      aria-label={label ?? sentence(layers, total)}
      className={classes.bar}
      style={{ width: `${Math.max(share, 0.02) * 100}%`, height }}
      onPointerOver={over}
      onPointerLeave={() => focusLayer(null)}
    >
      {layers.map((layer, position) => (
        <i
          key={position}
          className={classes.segment}
          data-layer={layer.digest}
          style={{ flexGrow: total === 0 ? 1 : layer.sizeBytes / total }}
          {...layerPaint(layer.digest)}
        />
      ))}
      {rest > 0 ? <i className={`${classes.segment} ${classes.rest}`} style={{ flexGrow: rest / total }} /> : null}
    </div>
  );
});

function describeLayer(layer: LayerSegment): string {
  return `${longerDigest(layer.digest)} · ${formatBytes(layer.sizeBytes)}`;
}

function sentence(layers: LayerSegment[], total: number): string {
  if (layers.length === 0) return "No layers";
  if (layers.length === 1) return `1 layer, ${formatBytes(total)}`;
  const largest = layers.reduce((most, layer) => Math.max(most, layer.sizeBytes), 0);
  return `${layers.length} layers, ${formatBytes(total)}; the largest ${formatBytes(largest)}`;
}
