/** Search over the double's world, by prefix and by any part. */
import type { SearchAnswer, SearchHit } from "../bindings";
import { versionsOf } from "./answerVersions";
import type { World } from "./world";

export function searchAnswer(world: World, text: string, limit: number): SearchAnswer {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const hits: SearchHit[] = [];
  for (const connection of world.connections) {
    for (const repository of world.repositories(connection.id)) {
      const base = { connectionId: connection.id, connection: connection.name, repository: repository.name };
      const inName = words.filter((word) => repository.name.toLowerCase().includes(word));
      if (inName.length === words.length) hits.push({ ...base, tag: null, digest: null, matched: repository.name, kind: "repository" });
      const rest = words.filter((word) => !inName.includes(word));
      if (rest.length > 0 && repository.versions < 1000) hits.push(...tagHits(world, base, rest));
      if (hits.length >= limit) return { hits: hits.slice(0, limit), milliseconds: 3 };
    }
  }
  return { hits, milliseconds: 3 };
}

function tagHits(world: World, base: Pick<SearchHit, "connectionId" | "connection" | "repository">, words: string[]): SearchHit[] {
  return versionsOf(world, base.connectionId, base.repository).flatMap((version) =>
    version.row.tags
      .filter((tag) => words.every((word) => tag.name.toLowerCase().includes(word) || version.row.shortDigest.startsWith(word)))
      .map((tag): SearchHit => ({ ...base, tag: tag.name, digest: version.row.digest, matched: tag.name, kind: "tag" })),
  );
}
