export { LayerBar } from "./LayerBar";
export { LayerSwatch } from "./LayerSwatch";
export { LayerTip } from "./LayerTip";
export { layerColour, layerPaint } from "./layerColour";
export { focusLayer } from "./layerFocus";
