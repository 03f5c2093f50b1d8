/** The versions of the pictures, and synthetic ones for every other repository. */
import type { LayerSegment, VersionRow } from "../../bindings";
import { ago, moved } from "../clock";
import { digestOf, sequence } from "../random";
import picture from "./defectDetector.json";

/** A row as the double keeps it: with its metrics by name, its labels, and the platforms' sizes. */
export interface KeptVersion {
  row: Omit<VersionRow, "metrics" | "digest" | "shortDigest"> & { digest: string; shortDigest: string };
  metrics: Record<string, number | null>;
  labels: Record<string, string>;
}

type Channel = "full" | "half" | "ring" | null;
const protectedTags = ["production", "staging", "latest"];

export function tagLabel(name: string, channel: Channel = null) {
  return { name, channel, protected: protectedTags.includes(name) };
}

/** Metrics of the versions that are compared in the pictures, by digest. */
const compared: Record<string, Record<string, number>> = {
  d67fa837: { f1: 0.944, latency_ms: 8.1 },
  "802604da": { f1: 0.931, latency_ms: 11.8 },
  a05cc0b8: { f1: 0.926, latency_ms: 11.9 },
};

export const layerNames: string[] = picture.layerNames;

export const defectDetector: KeptVersion[] = picture.versions.map((version, position) => {
  const image = version.kind === "Image";
  const layers = version.layers.map(([digest, sizeBytes]) => ({ digest: String(digest), sizeBytes: Number(sizeBytes) }));
  return {
    row: {
      digest: version.digest,
      shortDigest: version.digest.slice(7, 15),
      tags: version.tags.map(([name, channel]) => tagLabel(String(name), channel as Channel)),
      kind: image ? "image" : "modelpack",
      kindLabel: version.kind,
      sizeBytes: version.size,
      sizeCounts: image ? "compressed, linux/amd64" : "compressed",
      layers,
      layerCount: layers.length,
      created: moved(version.created),
      pushed: moved(version.created),
      platforms: version.platforms.map((architecture) => `linux/${architecture}`),
      signed: version.signed,
      group: position < 18 ? "scheme" : "other",
      problem: null,
      pending: false,
    },
    metrics: {
      accuracy: version.accuracy,
      f1: version.accuracy === null ? null : round(version.accuracy - 0.016),
      latency_ms: version.accuracy === null ? null : round(11.8 + position / 10),
      ...compared[version.digest.slice(7, 15)],
    },
    labels: { licence: "Apache-2.0", dataset: position < 5 ? "line-scan-2026-09" : "line-scan-2026-07" },
  };
});

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** `count` versions over shared layers, semver from the newest down, the same every time. */
export function syntheticVersions(repository: string, count: number): KeptVersion[] {
  const next = sequence(repository.length * 7919 + count);
  const bases = Array.from({ length: 24 }, (_, position) => layer(`${repository} base ${position}`, 20e6 + next() * 800e6));
  const versions: KeptVersion[] = [];
  for (let position = 0; position < count; position += 1) {
    const number = count - position;
    const name = `${Math.floor(number / 400)}.${Math.floor(number / 20) % 20}.${number % 20}`;
    const era = Math.floor(position / 900) % 20;
    const layers = [...bases.slice(era, era + 4), layer(`${repository} weights ${number}`, 60e6 + next() * 200e6)];
    const digest = digestOf(`${repository} ${number}`);
    const created = ago(position * 190 + 30);
    versions.push({
      row: {
        digest,
        shortDigest: digest.slice(7, 15),
        tags: position === 0 ? [tagLabel(name), tagLabel("latest", "ring")] : [tagLabel(name)],
        kind: "image",
        kindLabel: "Image",
        sizeBytes: layers.reduce((sum, one) => sum + one.sizeBytes, 0),
        sizeCounts: "compressed, linux/amd64",
        layers,
        layerCount: layers.length,
        created,
        pushed: created,
        platforms: ["linux/amd64"],
        signed: position % 5 === 0,
        group: "scheme",
        problem: null,
        pending: false,
      },
      metrics: { accuracy: round(0.97 - position / (count * 8) - next() * 0.01) },
      labels: {},
    });
  }
  return versions;
}

export function layer(name: string, sizeBytes: number): LayerSegment {
  return { digest: digestOf(name), sizeBytes: Math.round(sizeBytes) };
}

/** The same rows as the first sync sees them: tags known, manifests not read yet. */
export function asPending(version: KeptVersion, from: number, position: number): KeptVersion {
  if (position < from) return version;
  return {
    ...version,
    row: {
      ...version.row,
      pending: true,
      sizeBytes: null,
      layers: [],
      layerCount: 0,
      created: null,
      pushed: null,
      platforms: [],
      kindLabel: "",
      signed: false,
    },
    metrics: {},
  };
}
