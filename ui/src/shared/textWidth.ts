/** How wide a text is in the window's own face, which differs by system. Each text is measured once. */
const widths = new Map<string, number>();
const mostWidths = 5000;
/** Where nothing can be measured: about the width of a letter. */
const guessedLetter = 6.8;

type TextCanvas = Pick<CanvasRenderingContext2D, "font" | "measureText">;
let canvas: TextCanvas | null | undefined;

/** Pixels of a text in one line; `font` is weight and size, as in `500 13px`. */
export function textWidth(text: string, font: string): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size >= mostWidths) widths.clear();
  const width = measure(text, font);
  widths.set(key, width);
  return width;
}

function measure(text: string, font: string): number {
  if (canvas === undefined) canvas = textCanvas();
  if (canvas === null) return text.length * guessedLetter;
  canvas.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  return canvas.measureText(text).width;
}

/** Some web views have a canvas off screen that cannot draw text. */
function textCanvas(): TextCanvas | null {
  if (typeof OffscreenCanvas === "undefined") return null;
  return new OffscreenCanvas(1, 1).getContext("2d") ?? document.createElement("canvas").getContext("2d");
}
