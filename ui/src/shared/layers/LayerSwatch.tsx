/** The small square of a layer's colour beside its name in a list. The name carries the fact; the colour only helps the eye. */
import classes from "./LayerBar.module.css";
import { layerPaint } from "./layerColour";

export function LayerSwatch({ digest }: { digest: string }) {
  return <span aria-hidden className={classes.swatch} data-layer={digest} {...layerPaint(digest)} />;
}
