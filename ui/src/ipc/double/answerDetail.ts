/** One version as the double knows it: card, layers, history, referrers, files. */
import type { LayerDetail, PullCommand, RawManifest, Referrer, VersionDetail } from "../bindings";
import { versionsOf } from "./answerVersions";
import { ago, day } from "./clock";
import { buildOf } from "./data/builds";
import { layerNames } from "./data/versions";
import { digestOf } from "./random";
import type { World } from "./world";

interface Named {
  connectionId: string;
  repository: string;
  digest: string;
  /** null or none: the first. */
  platform?: string | null;
}

export function versionDetail(world: World, { connectionId, repository, digest, platform }: Named): VersionDetail {
  const all = versionsOf(world, connectionId, repository);
  const found = all.find((version) => version.row.digest === digest);
  if (found === undefined)
    throw { code: "notFound", message: `${digest} is not in the index`, hint: "Synchronise the repository.", retryable: false };
  const { row, metrics, labels } = found;
  const build = buildOf(row.tags[0]?.name ?? "");
  const inVersions = (layer: string) => all.filter((version) => version.row.layers.some((one) => one.digest === layer)).length;
  const layers: LayerDetail[] = row.layers.map((layer, position) => ({
    digest: layer.digest,
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    sizeBytes: layer.sizeBytes,
    name: row.kind === "modelpack" ? "model.safetensors" : (layerNames[position] ?? `layer ${position + 1}`),
    createdBy: layerNames[position] ?? null,
    inVersions: inVersions(layer.digest),
  }));
  const location = world.connections.find((one) => one.id === connectionId)?.location ?? "";
  return {
    reference: `${location}/${repository}:${row.tags[0]?.name ?? ""}`,
    digest,
    mediaType: "application/vnd.oci.image.index.v1+json",
    kind: row.kind,
    kindLabel: row.kindLabel,
    tags: row.tags,
    signed: row.signed,
    sizeBytes: row.sizeBytes,
    sizeCounts: row.sizeCounts,
    created: row.created,
    pushed: row.pushed,
    card: {
      name: repository.split("/").pop() ?? repository,
      version: row.tags[0]?.name ?? null,
      format: "safetensors",
      architecture: "ConvNeXt-S, feature pyramid",
      parameters: build.parameters,
      precision: build.precision,
      quantization: null,
      contextLength: null,
      licenses: ["Apache-2.0"],
      authors: ["Ada Example"],
      source: "https://github.com/acme/defect-detector",
      revision: build.revision,
      framework: build.framework,
      dataset: labels.dataset ?? null,
      description: null,
      base: null,
      created: row.created,
      metrics: Object.entries(metrics).flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
    },
    platforms: row.platforms.map((name, position) => ({
      platform: name,
      digest: digestOf(`${digest} ${name}`),
      sizeBytes: position === 0 ? (row.sizeBytes ?? 0) : 507_000_000,
      created: row.created,
    })),
    platform: platform ?? row.platforms[0] ?? null,
    layers,
    onlyHereBytes: layers.filter((layer) => layer.inVersions === 1).reduce((sum, layer) => sum + layer.sizeBytes, 0),
    history: [
      { createdBy: "ENV PYTHONUNBUFFERED=1", created: row.created, comment: null, empty: true, layer: null, sizeBytes: null },
      ...layers.map((layer) => ({
        createdBy: layer.createdBy ?? layer.name,
        created: row.created,
        comment: "buildkit.dockerfile.v0",
        empty: false,
        layer: layer.digest,
        sizeBytes: layer.sizeBytes,
      })),
      { createdBy: `CMD ${JSON.stringify(build.command)}`, created: row.created, comment: null, empty: true, layer: null, sizeBytes: null },
    ],
    config:
      row.kind === "image"
        ? {
            environment: [
              { name: "PATH", value: "/opt/venv/bin:/usr/local/bin:/usr/bin:/bin" },
              { name: "MODEL_PATH", value: "/app/model.safetensors" },
              ...Object.entries(build.environment).map(([name, value]) => ({ name, value })),
            ],
            entrypoint: [],
            command: build.command,
            user: build.user,
            workingDirectory: "/app",
            ports: ["8080/tcp"],
            volumes: [],
          }
        : null,
    labels: Object.entries({ "org.opencontainers.image.source": "https://github.com/acme/defect-detector", ...labels }).map(
      ([key, value]) => ({ key, value }),
    ),
    annotations: [{ key: "org.opencontainers.image.version", value: row.tags[0]?.name ?? "" }],
    referrers: referrers(digest, row.signed),
    referrersReadAt: ago(12),
    documents: row.kind === "modelpack" ? [{ digest: digestOf("readme"), title: "README.md", sizeBytes: 2310 }] : [],
    moves: [
      { tag: "latest", from: digestOf("earliest"), to: digestOf("earlier"), seen: ago(40 * day) },
      { tag: "latest", from: digestOf("earlier"), to: digest, seen: ago(20 * day) },
      { tag: "staging", from: digestOf("earlier"), to: digest, seen: ago(2 * day) },
    ],
    problems: [],
    filesReadable: true,
  };
}

export function referrers(digest: string, signed: boolean): Referrer[] {
  const sbom: Referrer = {
    digest: digestOf(`${digest} sbom`),
    artifactType: "application/spdx+json",
    kind: "SBOM",
    sizeBytes: 188_000,
    created: ago(20 * day),
    annotations: [],
  };
  const signature: Referrer = {
    digest: digestOf(`${digest} signature`),
    artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    kind: "Signature",
    sizeBytes: 4_200,
    created: ago(20 * day),
    annotations: [{ key: "dev.sigstore.bundle.content", value: "dsse-envelope" }],
  };
  return signed ? [signature, sbom] : [sbom];
}

export function rawManifest(world: World, named: Named): RawManifest {
  const detail = versionDetail(world, named);
  const manifest = {
    schemaVersion: 2,
    mediaType: detail.mediaType,
    layers: detail.layers.map((layer) => ({ mediaType: layer.mediaType, digest: layer.digest, size: layer.sizeBytes })),
  };
  const text = JSON.stringify(manifest, null, 2);
  return { text, mediaType: detail.mediaType, sizeBytes: text.length };
}

const tools = ["docker", "podman", "nerdctl", "skopeo", "crane", "oras"];

export function pullCommands(world: World, named: Named & { tag: string | null; byDigest: boolean }): PullCommand[] {
  const location = world.connections.find((one) => one.id === named.connectionId)?.location ?? "";
  const name = `${location}/${named.repository}${named.byDigest || named.tag === null ? `@${named.digest}` : `:${named.tag}`}`;
  return tools.map((tool) => ({
    tool,
    label: tool,
    command: tool === "skopeo" ? `skopeo copy docker://${name} dir:model` : `${tool} pull ${name}`,
    note: null,
  }));
}
