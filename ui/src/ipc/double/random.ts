/** Numbers that look random and are the same every time. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** A digest made of a text: believable, not cryptographic. */
export function digestOf(text: string): string {
  let seed = 2166136261;
  for (let position = 0; position < text.length; position += 1) seed = Math.imul(seed ^ text.charCodeAt(position), 16777619);
  const next = sequence(seed);
  next();
  let hexadecimal = "";
  while (hexadecimal.length < 64)
    hexadecimal += Math.floor(next() * 65536)
      .toString(16)
      .padStart(4, "0");
  return `sha256:${hexadecimal}`;
}
