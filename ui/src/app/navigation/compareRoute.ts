/** The address of a comparison: the letter of the reference, then one part for each version. */
import type { VersionAt } from "../../ipc";

/** So many versions can stand beside each other. */
export const mostCompared = 8;

export interface CompareRoute {
  page: "compare";
  versions: readonly VersionAt[];
  /** The place of the version that the others are held against. */
  reference: number;
}

/** A, B, C: what the version at this place is called. */
export function letterOf(place: number): string {
  return String.fromCharCode(65 + place);
}

const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+$/;

/** From the parts behind `#/compare/`, not decoded yet: `A`, `ghcr,vision%2Fx,sha256%3A80…,linux%2Famd64`. null: no such address. */
export function parseCompare([letter = "A", ...parts]: readonly string[]): CompareRoute | null {
  const versions = parts.map(parseVersion);
  const reference = letter.length === 1 ? letter.charCodeAt(0) - 65 : -1;
  const known = versions.filter((version) => version !== null);
  if (known.length < versions.length || versions.length > mostCompared) return null;
  if (reference < 0 || reference >= Math.max(1, versions.length)) return null;
  return { page: "compare", versions: known, reference };
}

export function formatCompare({ versions, reference }: CompareRoute): string {
  const parts = versions.map(({ connectionId, repository, digest, platform }) =>
    [connectionId, repository, digest, ...(platform === null ? [] : [platform])].map(encodeURIComponent).join(","),
  );
  return `#/compare/${[letterOf(reference), ...parts].join("/")}`;
}

function parseVersion(part: string): VersionAt | null {
  const [connectionId, repository, digest, platform, ...rest] = part.split(",").map(decoded);
  if (!connectionId || !repository || !digest || !digestPattern.test(digest)) return null;
  return platform === "" || platform === null || rest.length > 0 ? null : { connectionId, repository, digest, platform: platform ?? null };
}

/** null: what stands there is not encoded as an address is. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** The same versions without one of them; where that was the reference, the first takes its place. */
export function without({ versions, reference }: CompareRoute, place: number): CompareRoute {
  const left = versions.filter((_, other) => other !== place);
  return { page: "compare", versions: left, reference: place === reference ? 0 : reference - Number(place < reference) };
}
