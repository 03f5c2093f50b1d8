/** The one colour of a layer: index = first four bytes of the digest, big-endian, modulo 24; hue = index mod 12; hatched from 12 on. */
export interface LayerColour {
  hue: number;
  hatched: boolean;
}

/** The colour of a digest such as `sha256:802604da…`. A digest that is not hexadecimal gets the first colour. */
export function layerColour(digest: string): LayerColour {
  const hexadecimal = digest.slice(digest.indexOf(":") + 1, digest.indexOf(":") + 9);
  const number = Number.parseInt(hexadecimal, 16);
  const index = Number.isNaN(number) ? 0 : number % 24;
  return { hue: index % 12, hatched: index >= 12 };
}

/** The attributes that paint an element in the colour of a layer (rules in theme/global.css). */
export function layerPaint(digest: string): { "data-hue": number; "data-hatched": true | undefined } {
  const { hue, hatched } = layerColour(digest);
  return { "data-hue": hue, "data-hatched": hatched || undefined };
}
