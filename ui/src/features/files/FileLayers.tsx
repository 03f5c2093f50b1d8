/** Which layers hold an entry: one by its name, several as a bar with their number. */
import type { LayerSegment } from "../../ipc";
import { unknown } from "../../shared/format";
import { LayerBar, LayerSwatch } from "../../shared/layers";
import text from "../../shared/text.module.css";
import classes from "./FilesTree.module.css";

interface FileLayersProps {
  layers: LayerSegment[];
  layerName: (digest: string) => string;
}

export function FileLayers({ layers, layerName }: FileLayersProps) {
  const [only] = layers;
  if (only === undefined) return <span title="No layer is known for it">{unknown}</span>;
  if (layers.length === 1) {
    return (
      <>
        <LayerSwatch digest={only.digest} />
        <span className={text.cut} title={layerName(only.digest)}>
          {layerName(only.digest)}
        </span>
      </>
    );
  }
  return (
    <>
      <span className={classes.bar}>
        <LayerBar layers={layers} describe={(segment) => layerName(segment.digest)} />
      </span>
      <span className={text.dim}>{layers.length} layers</span>
    </>
  );
}
