/** What a promotion moves and what stays, in sentences. Pure. */
import type { Referrer, TagLabel } from "../../../ipc";

/** "a", "a and b", "a, b and c"; after four names the rest is counted. */
export function listed(names: readonly string[]): string {
  const shown = names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} more`] : names;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function others(tags: readonly Pick<TagLabel, "name">[], target: string): string[] {
  return tags.map((tag) => tag.name).filter((name) => name !== target);
}

/** The tags that stay on the version that moves up; its own name is not repeated. */
export function stays(name: string, tags: readonly Pick<TagLabel, "name">[], target: string): string | null {
  const rest = others(tags, target).filter((tag) => tag !== name);
  return rest.length === 0 ? null : `${listed(rest)} ${rest.length === 1 ? "stays" : "stay"} on ${name}`;
}

/** What becomes of the version that the channel leaves. */
export function left(name: string, tags: readonly Pick<TagLabel, "name">[], target: string): string {
  const rest = others(tags, target);
  if (rest.length === 0) return `${name} has no tag then`;
  return rest.includes(name) ? `${name} keeps its own tag` : `${name} keeps ${listed(rest)}`;
}

/** "1 signature and 2 SBOMs"; null where nothing points at the version. */
export function attached(referrers: readonly Pick<Referrer, "kind">[]): string | null {
  const counts = new Map<string, number>();
  for (const { kind } of referrers) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 0) return null;
  return listed([...counts].map(([kind, count]) => `${count} ${plainKind(kind)}${count === 1 ? "" : "s"}`));
}

/** "Signature" → "signature"; SBOM keeps its capitals. */
function plainKind(kind: string): string {
  return /^[A-Z][a-z]/.test(kind) ? kind.charAt(0).toLowerCase() + kind.slice(1) : kind;
}
