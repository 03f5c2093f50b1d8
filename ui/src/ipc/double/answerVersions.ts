/** Pages of versions, the chart's series and the sums of a selection, computed as the program would. */
import type { SelectionSummary, SeriesPoint, VersionRow, VersionSort, VersionsPage, VersionsQuery } from "../bindings";
import { covers } from "./changes/judge";
import { placeKey } from "./changes/state";
import { ago } from "./clock";
import { oddConnection, oddVersions } from "./data/odd";
import { asPending, defectDetector, type KeptVersion, layerNames, syntheticVersions } from "./data/versions";
import type { World } from "./world";

const cache = new Map<string, KeptVersion[]>();
const halfRead = defectDetector.map((version, position) => asPending(version, 2, position));

/** All versions of a repository in their own order (newest first). */
export function versionsOf(world: World, connectionId: string, repository: string): KeptVersion[] {
  const changed = world.changes.versions.get(placeKey({ connectionId, repository }));
  return changed ?? firstVersionsOf(world, connectionId, repository);
}

/** Before any change. */
export function firstVersionsOf(world: World, connectionId: string, repository: string): KeptVersion[] {
  if (repository === "vision/defect-detector") {
    return world.wanted === "loading" ? halfRead : defectDetector;
  }
  if (connectionId === oddConnection.id) return oddVersions;
  const known = world.repositories(connectionId).find((row) => row.name === repository);
  const key = placeKey({ connectionId, repository });
  const kept = cache.get(key) ?? syntheticVersions(repository, known?.versions ?? 0);
  cache.set(key, kept);
  return kept;
}

/** What is the same for every page of a repository, counted once: the double runs where the window draws. */
const sums = new WeakMap<KeptVersion[], Omit<VersionsPage, "total" | "largestBytes" | "otherFrom" | "closest" | "rows" | "syncedAt">>();

function sumsOf(all: KeptVersion[]) {
  const known = sums.get(all);
  if (known !== undefined) return known;
  const stored = new Map(all.flatMap((version) => version.row.layers.map((layer) => [layer.digest, layer.sizeBytes] as const)));
  const counted = {
    revision: 1,
    totalVersions: all.length,
    tags: all.reduce((sum, version) => sum + version.row.tags.length, 0),
    storedBytes: [...stored.values()].reduce((sum, size) => sum + size, 0),
    wouldBeBytes: all.reduce((sum, version) => sum + (version.row.sizeBytes ?? 0), 0),
    metricNames: Object.keys(all[0]?.metrics ?? {}),
    labelKeys: Object.keys(all[0]?.labels ?? {}),
    platforms: [...new Set(all.slice(0, 500).flatMap((version) => version.row.platforms))],
    kinds: [...new Set(all.slice(0, 500).map((version) => version.row.kind))],
    complete: true,
    partialReason: null,
  };
  sums.set(all, counted);
  return counted;
}

let last: { key: string; all: KeptVersion[]; rows: KeptVersion[]; largestBytes: number; other: number } | null = null;

function rowsFor(all: KeptVersion[], query: VersionsQuery) {
  const key = JSON.stringify([query.sort, query.descending, query.filter]);
  if (last?.key === key && last.all === all) return last;
  const rows = ordered(filtered(all, query), query);
  const isVersionOrder = query.sort === "version" && query.descending;
  last = {
    key,
    all,
    rows,
    largestBytes: rows.reduce((most, version) => Math.max(most, version.row.sizeBytes ?? 0), 0),
    other: isVersionOrder ? rows.findIndex((version) => version.row.group === "other") : -1,
  };
  return last;
}

export function versionsPage(world: World, query: VersionsQuery, offset: number, limit: number): VersionsPage {
  const all = versionsOf(world, query.connectionId, query.repository);
  const { rows, largestBytes, other } = rowsFor(all, query);
  return {
    ...sumsOf(all),
    total: rows.length,
    largestBytes,
    otherFrom: other === -1 ? null : other,
    syncedAt: world.wanted === "offline" ? ago(120) : ago(2),
    closest: rows.length === 0 && query.filter.text !== "" ? "production" : null,
    rows: rows.slice(offset, offset + limit).map((version) => wireRow(world, version, query.metrics)),
  };
}

/** A row as the program sends it. What was not read, or could not be, has no digest. */
function wireRow(world: World, { row, metrics }: KeptVersion, wanted: readonly string[]): VersionRow {
  const unread = row.pending || row.problem !== null;
  const digests = unread ? { digest: null, shortDigest: null } : { digest: row.digest, shortDigest: row.shortDigest };
  const tags = row.tags.map((tag) => ({ ...tag, protected: covers(world.settings.protectedTags, tag.name) }));
  return { ...row, ...digests, tags, metrics: wanted.map((name) => metrics[name] ?? null) };
}

function filtered(all: KeptVersion[], query: VersionsQuery): KeptVersion[] {
  const { text, kinds, platform, labels, createdAfter, createdBefore } = query.filter;
  const wanted = text.toLowerCase();
  if (wanted === "" && kinds.length === 0 && platform === null && labels.length === 0 && !createdAfter && !createdBefore) return all;
  return all.filter(
    (version) =>
      (wanted === "" ||
        version.row.tags.some((tag) => tag.name.toLowerCase().includes(wanted)) ||
        version.row.shortDigest.startsWith(wanted)) &&
      (kinds.length === 0 || kinds.includes(version.row.kind)) &&
      (platform === null || version.row.platforms.includes(platform)) &&
      labels.every((label) => version.labels[label.key] === label.value) &&
      (createdAfter === null || (version.row.created ?? "") >= createdAfter) &&
      (createdBefore === null || (version.row.created ?? "") <= createdBefore),
  );
}

function sortValue(version: KeptVersion, sort: VersionSort): number | string {
  if (typeof sort === "object") return version.metrics[sort.metric] ?? Number.NEGATIVE_INFINITY;
  const row = version.row;
  switch (sort) {
    case "name":
      return row.tags[0]?.name ?? "";
    case "kind":
      return row.kindLabel;
    case "size":
      return row.sizeBytes ?? -1;
    case "layers":
      return row.layerCount;
    case "created":
      return row.created ?? "";
    case "pushed":
      return row.pushed ?? "";
    case "platforms":
      return row.platforms.join(" ");
    default:
      return 0;
  }
}

function ordered(rows: KeptVersion[], query: VersionsQuery): KeptVersion[] {
  if (query.sort === "version") return query.descending ? rows : [...rows].reverse();
  const sign = query.descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const a = sortValue(left, query.sort);
    const b = sortValue(right, query.sort);
    return a === b ? 0 : sign * (a < b ? -1 : 1);
  });
}

export function seriesPoints(world: World, query: VersionsQuery, metric: string): SeriesPoint[] {
  const rows = filtered(versionsOf(world, query.connectionId, query.repository), query).filter((version) => version.row.group === "scheme");
  return rows
    .slice(0, 2000)
    .reverse()
    .map((version) => {
      const name = version.row.tags[0]?.name ?? version.row.shortDigest;
      return {
        digest: version.row.digest,
        name,
        created: version.row.created,
        value: metric === "size" ? version.row.sizeBytes : (version.metrics[metric] ?? null),
        release: !name.includes("-"),
        channels: version.row.tags.filter((tag) => tag.channel !== null),
      };
    });
}

export function selectionSummary(world: World, connectionId: string, repository: string, digests: string[]): SelectionSummary {
  const all = versionsOf(world, connectionId, repository);
  const chosen = all.filter((version) => digests.includes(version.row.digest));
  const elsewhere = new Set(
    all.filter((version) => !digests.includes(version.row.digest)).flatMap((version) => version.row.layers.map((layer) => layer.digest)),
  );
  const blobs = new Map(chosen.flatMap((version) => version.row.layers.map((layer) => [layer.digest, layer.sizeBytes] as const)));
  const holders = (digest: string) => chosen.filter((version) => version.row.layers.some((layer) => layer.digest === digest));
  const only = [...blobs].filter(([digest]) => !elsewhere.has(digest));
  const sum = (sizes: Iterable<number>) => [...sizes].reduce((total, size) => total + size, 0);
  const onlyTheseBytes = sum(only.map(([, size]) => size));
  const dates = chosen
    .map((version) => version.row.created)
    .filter((date) => date !== null)
    .sort();
  const ownBytes = (version: KeptVersion) =>
    sum(
      version.row.layers
        .filter((layer) => !elsewhere.has(layer.digest) && holders(layer.digest).length === 1)
        .map((layer) => layer.sizeBytes),
    );
  return {
    storedBytes: sum(blobs.values()),
    onlyTheseBytes,
    sharedBytes: sum(blobs.values()) - onlyTheseBytes,
    tags: sum(chosen.map((version) => version.row.tags.length)),
    signed: chosen.filter((version) => version.row.signed).length,
    oldest: dates[0] ?? null,
    newest: dates[dates.length - 1] ?? null,
    versions: chosen.map((version) => ({
      digest: version.row.digest,
      name: version.row.tags[0]?.name ?? version.row.shortDigest,
      onlyHereBytes: ownBytes(version),
      sizeBytes: version.row.sizeBytes,
      layers: version.row.layers.filter((layer) => !elsewhere.has(layer.digest)),
    })),
    sharedAmongTheseBytes: onlyTheseBytes - sum(chosen.map(ownBytes)),
    onlyLayers: only
      .sort((left, right) => right[1] - left[1])
      .map(([digest, sizeBytes]) => ({
        digest,
        sizeBytes,
        name:
          layerNames[
            chosen
              .flatMap((version) => version.row.layers.map((layer, position) => (layer.digest === digest ? position : -1)))
              .find((position) => position >= 0) ?? 0
          ] ?? "layer",
        of: holders(digest).map((version) => version.row.tags[0]?.name ?? version.row.shortDigest),
      })),
    layerTotal: blobs.size,
    common: [
      { field: "Kind", value: "Image, amd64 and arm64" },
      { field: "accuracy", value: "0.915 to 0.934" },
      { field: "Licence", value: "Apache-2.0" },
      {
        field: "Protected",
        value: chosen.some((version) => version.row.tags.some((tag) => tag.protected)) ? "some of these tags" : "none of these tags",
      },
    ],
  };
}
