/** The name of the layer under the pointer, floating beside it. Drawn once, in the frame. */
import classes from "./LayerBar.module.css";
import { useLayerFocus } from "./layerFocus";

export function LayerTip() {
  const focus = useLayerFocus();
  if (focus === null) return null;
  const left = Math.min(focus.x + 10, window.innerWidth - 300);
  const top = focus.y + 30 > window.innerHeight ? focus.y - 32 : focus.y + 14;
  return (
    <div aria-hidden className={classes.tip} style={{ left, top }}>
      {focus.text}
    </div>
  );
}
