/** Where channels pointed: from the journal of the double, and from what a sync saw before it. */

import type { Pointing } from "../../bindings";
import { versionsOf } from "../answerVersions";
import { ago, day } from "../clock";
import type { World } from "../world";
import { pointedAt } from "./registry";
import { type At, placeKey } from "./state";

/** `production` of the picture: the names of its versions before, and how many days ago it moved there. */
const pictured: Record<string, { names: readonly string[]; days: readonly number[] }> = {
  "ghcr vision/defect-detector production": { names: ["1.4.0", "1.3.3", "1.2.1"], days: [66, 95, 201] },
  "ghcr vision/defect-detector staging": { names: ["1.4.2", "1.4.1", "1.4.0"], days: [2, 41, 66] },
};

/** Newest first. */
export function historyOf(world: World, at: At, channel: string): Pointing[] {
  const all = versionsOf(world, at.connectionId, at.repository);
  const tagsOf = (digest: string) =>
    all
      .find((one) => one.row.digest === digest)
      ?.row.tags.map((tag) => tag.name)
      .filter((name) => name !== channel) ?? [];
  const first = pictured[`${placeKey(at)} ${channel}`];
  const moves: { digest: string; since: string | null; by: string | null }[] = [];
  for (const { entry, steps, at: places } of world.changes.journal) {
    for (const [position, { step, state }] of steps.entries()) {
      const place = places[position];
      if (entry.id.startsWith("seed") || state !== "done" || place === undefined || placeKey(place) !== placeKey(at)) continue;
      if (step.action === "put-manifest" && step.tags.includes(channel))
        moves.push({ digest: step.digest, since: entry.started, by: entry.by });
    }
  }
  for (const [position, name] of (first?.names ?? []).entries()) {
    const digest = all.find((one) => one.row.tags[0]?.name === name)?.row.digest;
    if (digest !== undefined)
      moves.push({ digest, since: ago((first?.days[position] ?? 0) * day), by: position === 0 ? "acme-bot" : null });
  }
  const now = pointedAt(world, at, channel);
  if (moves[0]?.digest !== now && now !== null) moves.unshift({ digest: now, since: null, by: null });
  return moves.map((one, position) => ({ ...one, tags: tagsOf(one.digest), until: moves[position - 1]?.since ?? null }));
}
