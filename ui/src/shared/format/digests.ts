/** Digests: eight digits in lists, the algorithm and twelve where there is room, full only when copied. */
const listed = 8;
const detailed = 12;

/** `802604da`. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, listed);
}

/** `sha256:802604da71c5`. */
export function longerDigest(digest: string): string {
  return digest.slice(0, digest.indexOf(":") + 1 + detailed);
}
