/** Copies in the double: routes that take a version, and plans that send, mount and skip its blobs. */
import type { ChangeRequest, FittingRoute, PlannedStep, TransferBlob } from "../../bindings";
import { problem } from "../operation";
import { digestOf } from "../random";
import type { World } from "../world";
import { plan } from "./plans";
import { nameOf, pointedAt, versionAt } from "./registry";
import type { At, KeptPlan } from "./state";

export function fittingRoutes(world: World, at: At, digest: string): FittingRoute[] {
  const from = nameOf(world, at);
  return world.settings.routes.flatMap((route) => {
    const [head = "", tail] = route.from.split("*");
    const fits = tail === undefined ? from === head : from.startsWith(head) && from.endsWith(tail) && from.length > head.length;
    if (!fits) return [];
    const part = from.slice(head.length, tail === undefined ? undefined : from.length - tail.length);
    const to = route.to.replace("*", part);
    const target = world.connections.find((one) => to.startsWith(`${one.name}/`));
    if (target === undefined) return [];
    const own = versionAt(world, at, digest)?.row.tags.find((tag) => tag.channel === null)?.name;
    const tags = route.ownTag && own !== undefined ? [own, route.tag] : [route.tag];
    const targetRepository = to.slice(target.name.length + 1);
    return [
      { name: route.name, targetConnectionId: target.id, targetRepository, tags, referrers: route.referrers, platforms: route.platforms },
    ];
  });
}

/** Which of a version's blobs the picture sends, and which it mounts; the others are there. By their place. */
const sent = [4, 5, 6, 7];
const mountedFrom = "prod/line-scan-segmenter";

export function copying(world: World, request: Extract<ChangeRequest, { kind: "copy" }>): KeptPlan {
  const version = versionAt(world, request, request.digest);
  if (version === undefined)
    throw problem("notFound", `${request.digest} is not in ${nameOf(world, request)}`, "Synchronise the repository.");
  const to: At = { connectionId: request.targetConnectionId, repository: request.targetRepository };
  if (world.wanted === "refused")
    throw problem("denied", `The login may not write to ${nameOf(world, to)}`, "Use a login that may push there. Nothing was sent.");
  const { row } = version;
  const platforms = request.platforms.length === 0 ? row.platforms : request.platforms;
  const arrives = request.platforms.length === 0 ? row.digest : digestOf(`${row.digest} ${platforms.join(" ")}`);
  const steps: PlannedStep[] = [];
  const target = nameOf(world, to);
  const put = (action: string, digest: string, reason: string, bytes: number, tag: string | null = null) => {
    const expectedDigest = tag === null ? null : pointedAt(world, to, tag);
    const reference = tag === null ? `${target}@${digest}` : `${target}:${tag}`;
    steps.push({ action, reference, digest, expectedDigest, tags: tag === null ? [] : [tag], reason, bytes });
    return steps.length - 1;
  };
  const blobs = row.layers.map((layer, place): TransferBlob => {
    const moves = sent.includes(place);
    const step = moves
      ? put("copy-blob", layer.digest, "for linux/amd64", layer.sizeBytes)
      : place === 3
        ? put("mount-blob", layer.digest, `for linux/amd64; the registry has it in ${mountedFrom}`, 0)
        : null;
    const of = place > 5 ? platforms : platforms.slice(0, 1);
    return { digest: layer.digest, bytes: layer.sizeBytes, role: "layer", platforms: [...of], step };
  });
  for (const platform of platforms) {
    const config = digestOf(`${row.digest} config ${platform}`);
    blobs.push({
      digest: config,
      bytes: 9_400,
      role: "config",
      platforms: [platform],
      step: put("copy-blob", config, `for ${platform}`, 9_400),
    });
  }
  for (const platform of platforms) put("put-manifest", digestOf(`${row.digest} ${platform}`), platform, 2_100);
  put("put-manifest", arrives, "the version", 1_610);
  if (row.signed && (request.referrers === null || request.referrers.includes("signature"))) {
    const payload = digestOf(`${row.digest} payload`);
    const step = put("copy-blob", payload, "for signature", 4_180);
    blobs.push({ digest: payload, bytes: 4_180, role: "signature", platforms: [], step });
    put("put-manifest", digestOf(`${row.digest} signature`), "signature", 900, `${row.digest.replace(":", "-")}.sig`);
  }
  for (const tag of request.targetTags) put("put-manifest", arrives, "tag", 0, tag);
  const kind = request.promotes ? "promote" : "copy";
  return { plan: plan(kind, steps, { transfer: { found: row.digest, arrives, blobs } }), request, at: steps.map(() => to) };
}
