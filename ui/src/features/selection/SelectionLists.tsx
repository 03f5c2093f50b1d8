/** Which bytes hang on which of the chosen versions, and the layers that only they hold. */
import type { LayerSegment, SelectionSummary } from "../../ipc";
import { formatCount, shortDigest, useFormat } from "../../shared/format";
import { LayerSwatch, layerPaint } from "../../shared/layers";
import text from "../../shared/text.module.css";
import classes from "./SelectionPane.module.css";

/** More rows than this help nobody; the sums count all. */
const shownAtMost = 200;

export function OwnBytes({ summary }: { summary: SelectionSummary }) {
  const { bytes } = useFormat();
  return (
    <section className={text.section}>
      <h3 className={text.sectionHead}>
        <span>Versions</span>
        <span>only here</span>
      </h3>
      <ul className={text.list}>
        {summary.versions.slice(0, shownAtMost).map((version) => (
          <li key={version.digest}>
            <span className={`${classes.name} ${text.strong} ${text.cut}`} title={version.name}>
              {version.name}
            </span>
            <span className={`${classes.digest} ${text.mono} ${text.dim}`}>{shortDigest(version.digest)}</span>
            <OwnBar layers={version.layers} own={version.onlyHereBytes} whole={version.sizeBytes} />
            <span className={text.grow} />
            <span className={`${classes.size} ${text.number}`}>{bytes(version.onlyHereBytes)}</span>
          </li>
        ))}
        <More count={summary.versions.length - shownAtMost} />
        <li className={text.dim}>
          <span className={text.grow}>Shared, but only among these {formatCount(summary.versions.length)}</span>
          <span className={text.number}>{bytes(summary.sharedAmongTheseBytes)}</span>
        </li>
      </ul>
    </section>
  );
}

/** The layers only of this version in their colours; what others hold too is left grey. */
function OwnBar({ layers, own, whole }: { layers: LayerSegment[]; own: number; whole: number | null }) {
  const { bytes } = useFormat();
  const total = Math.max(whole ?? own, own, 1);
  return (
    <span
      role="img"
      className={classes.ownBar}
      aria-label={`${bytes(own)} of ${whole === null ? "an unknown size" : bytes(whole)} only here`}
    >
      {layers.map((layer) => (
        <i key={layer.digest} data-layer={layer.digest} style={{ flexGrow: layer.sizeBytes / total }} {...layerPaint(layer.digest)} />
      ))}
      <i className={classes.kept} style={{ flexGrow: Math.max(0, total - own) / total }} />
    </span>
  );
}

export function OnlyLayers({ summary }: { summary: SelectionSummary }) {
  const { bytes } = useFormat();
  const { onlyLayers } = summary;
  return (
    <section className={text.section}>
      <h3 className={text.sectionHead}>
        <span>
          Layers only in these{" "}
          <span>
            {formatCount(onlyLayers.length)} of {formatCount(summary.layerTotal)}
          </span>
        </span>
        <span className={classes.total}>{bytes(summary.onlyTheseBytes)}</span>
      </h3>
      <ul className={text.list}>
        {onlyLayers.slice(0, shownAtMost).map((layer) => (
          <li key={layer.digest}>
            <LayerSwatch digest={layer.digest} />
            <span className={`${text.grow} ${text.cut}`} title={`${layer.name} of ${layer.of.join(", ")}`}>
              {layer.name} of {layer.of.length > 3 ? `${layer.of.length} of them` : layer.of.join(", ")}
            </span>
            <span className={`${classes.size} ${text.number}`}>{bytes(layer.sizeBytes)}</span>
          </li>
        ))}
        <More count={onlyLayers.length - shownAtMost} />
      </ul>
    </section>
  );
}

function More({ count }: { count: number }) {
  return count > 0 ? <li className={text.dim}>{formatCount(count)} more, counted in the sums</li> : null;
}
