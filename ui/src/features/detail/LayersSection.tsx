/** The layers of the chosen platform: a bar and a list. Hover or focus outlines the same digest everywhere. */
import type { LayerDetail, VersionDetail } from "../../ipc";
import { counted, formatCount, longerDigest, unknown, useFormat } from "../../shared/format";
import { focusLayer, LayerBar, LayerSwatch } from "../../shared/layers";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";
import { RowList } from "./RowList";
import { Section } from "./Section";
import { useFirst } from "./useFirst";

/** More layers are shown on demand: an artifact of many files may have thousands. */
const firstShown = 60;

export function LayersSection({ detail }: { detail: VersionDetail }) {
  const { bytes } = useFormat();
  const [shown, more] = useFirst(detail.layers, firstShown, "more layer");
  const describe = (layer: LayerDetail) =>
    [longerDigest(layer.digest), bytes(layer.sizeBytes), layer.createdBy ?? layer.name, sharing(layer)].join(" · ");
  const onlyHere = detail.onlyHereBytes === null ? "" : ` · ${bytes(detail.onlyHereBytes)} only here`;
  const size = detail.platforms.find((platform) => platform.platform === detail.platform)?.sizeBytes ?? detail.sizeBytes;
  if (detail.layers.length === 0) {
    return (
      <Section title="Layers">
        <p className={`${text.dim} ${text.small}`}>None is known: the manifest names no layers, or could not be read.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Layers"
      note={<span title="“Only here” is freed if this version goes">{`${formatCount(detail.layers.length)}${onlyHere}`}</span>}
      figure={<span title={`Compressed, ${detail.platform ?? detail.sizeCounts}`}>{size === null ? unknown : bytes(size)}</span>}
    >
      <div className={classes.bar}>
        <LayerBar
          layers={detail.layers}
          height={10}
          describe={(segment) => {
            const layer = detail.layers.find((candidate) => candidate.digest === segment.digest);
            return layer === undefined ? segment.digest : describe(layer);
          }}
        />
      </div>
      <RowList
        label="Layers"
        items={shown}
        keyOf={(layer, position) => `${layer.digest} ${position}`}
        onPoint={(layer, x, y) => focusLayer(layer === null ? null : { digest: layer.digest, text: describe(layer), x, y })}
      >
        {(layer) => (
          <>
            <LayerSwatch digest={layer.digest} />
            <span className={`${text.grow} ${text.cut}`}>{layer.name}</span>
            <span className={`${text.number} ${text.dim} ${classes.shared}`}>
              {layer.inVersions === 1 ? "only here" : `in ${formatCount(layer.inVersions)}`}
            </span>
            <span className={`${text.number} ${text.middle} ${classes.size}`}>{bytes(layer.sizeBytes)}</span>
          </>
        )}
      </RowList>
      {more}
    </Section>
  );
}

function sharing(layer: LayerDetail): string {
  return layer.inVersions === 1 ? "only here" : `in ${counted(layer.inVersions, "version")}`;
}
