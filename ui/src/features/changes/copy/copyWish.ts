/** What somebody wants of a copy: where to, under which tags, what travels. As a request, in words, and as a command. Pure. */
import type { ChangeRequest, ConnectionInfo, FittingRoute, ReferrerKind } from "../../../ipc";
import { tagPattern } from "../../../shared/tags/tagPattern";
import type { VersionAddress } from "../../detail/detailQueries";
import { quoted } from "../plan/rules";
import type { ChangeWords } from "../running/words";

export interface CopyWish {
  connectionId: string;
  repository: string;
  /** With commas; the last one is put last. */
  tags: string;
  /** null: all. */
  referrers: readonly ReferrerKind[] | null;
  /** null: all. */
  platforms: readonly string[] | null;
}

/** A copy is called a promotion where it is one. */
export type CopyKind = "copy" | "promote";

export const referrerKinds: readonly { kind: ReferrerKind; one: string; many: string }[] = [
  { kind: "signature", one: "signature", many: "signatures" },
  { kind: "sbom", one: "SBOM", many: "SBOMs" },
  { kind: "attestation", one: "attestation", many: "attestations" },
  { kind: "other", one: "other", many: "others" },
];

export function routeWish(route: FittingRoute): CopyWish {
  return {
    connectionId: route.targetConnectionId,
    repository: route.targetRepository,
    tags: route.tags.join(", "),
    referrers: route.referrers,
    platforms: route.platforms.length === 0 ? null : route.platforms,
  };
}

export function tagsOf(wish: CopyWish): string[] {
  return wish.tags
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

const repositoryPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/** What is wrong with a wish, by its field; null: nothing, or nothing is typed yet. */
export function wrongWith(wish: CopyWish): { repository: string | null; tags: string | null } {
  const wrongTag = tagsOf(wish).find((tag) => !tagPattern.test(tag));
  return {
    repository: wish.repository === "" || repositoryPattern.test(wish.repository) ? null : "Not the name of a repository",
    tags: wrongTag === undefined ? null : `${wrongTag} is not a tag`,
  };
}

/** null: it is not said yet where to. */
export function copyRequest(address: VersionAddress, wish: CopyWish, kind: CopyKind): ChangeRequest | null {
  const wrong = wrongWith(wish);
  const nowhere = wish.connectionId === "" || wish.repository === "" || wrong.repository !== null || wrong.tags !== null;
  if (nowhere || wish.platforms?.length === 0) return null;
  if (wish.connectionId === address.connectionId && wish.repository === address.repository && wish.platforms === null && kind === "copy")
    return null;
  return {
    kind: "copy",
    ...address,
    targetConnectionId: wish.connectionId,
    targetRepository: wish.repository,
    targetTags: tagsOf(wish),
    referrers: wish.referrers === null ? null : [...wish.referrers],
    platforms: wish.platforms === null ? [] : [...wish.platforms],
    promotes: kind === "promote",
  };
}

export function copyWords(kind: CopyKind, name: string, target: string): ChangeWords {
  return kind === "promote"
    ? { what: `the promotion of ${name} to ${target}`, doing: `Promoting ${name} to ${target}`, done: `Promoted ${name} to ${target}` }
    : { what: `the copy of ${name} to ${target}`, doing: `Copying ${name} to ${target}`, done: `Copied ${name} to ${target}` };
}

interface Commanded {
  address: VersionAddress;
  /** A tag, else the digest. */
  tag: string | null;
  wish: CopyWish;
  kind: CopyKind;
  /** It goes by this route, with nothing changed. */
  route: string | null;
  connections: readonly ConnectionInfo[];
}

export function copyCommand({ address, tag, wish, kind, route, connections }: Commanded): string {
  const nameOf = (id: string) => connections.find((one) => one.id === id)?.name ?? id;
  const from = `${nameOf(address.connectionId)}/${address.repository}${tag === null ? `@${address.digest}` : `:${tag}`}`;
  if (route !== null) return `berthctl promote ${quoted(from)} --route ${quoted(route)} --yes`;
  const tags = tagsOf(wish);
  const to = `${nameOf(wish.connectionId)}/${wish.repository}${tags.length === 0 ? "" : `:${tags.at(-1)}`}`;
  const chosen = wish.platforms ?? [];
  const words = wish.referrers?.map((kind) => referrerKinds.find((one) => one.kind === kind)?.many.toLowerCase() ?? kind) ?? null;
  const flags = [
    ...tags.slice(0, -1).map((also) => `--also-tag ${quoted(also)}`),
    ...chosen.map((platform) => `--platform ${quoted(platform)}`),
    ...(words === null ? ["--referrers"] : words.length > 0 ? [`--referrers=${words.join(",")}`] : []),
    "--yes",
  ];
  // Only a copy takes some platforms alone.
  const verb = kind === "promote" && chosen.length === 0 ? "promote" : "copy";
  return ["berthctl", verb, quoted(from), quoted(to), ...flags].join(" ");
}
