/** What is inside compared versions, in the double's world: what reading it costs, packages, and the files that differ in pages. */
import type { Channel } from "@tauri-apps/api/core";
import type { ComparedContents, ComparedFile, FileFate, FilesCost, Page, Progress, VersionAt } from "../bindings";
import { compare } from "./answerComparison";
import { buildOf } from "./data/builds";
import { type Era, ecosystems, type FileHistory, fileHistories, type KnownFile, manyFiles } from "./data/contents";
import { problem, wait } from "./operation";
import type { World } from "./world";

interface Asked {
  versions: VersionAt[];
  reference: number;
}

/** Worlds in which the contents were read; those in which reading failed once. */
const read = new WeakSet<World>();
const failed = new WeakSet<World>();
const views = new WeakMap<World, Map<string, ComparedFile[]>>();

const costly = 2_100_000_000;

export function comparisonCost(world: World, asked: Asked): FilesCost {
  const layers = new Set(compare(world, asked).layers.flatMap((row) => row.layers.flatMap((layer) => layer?.digest ?? []))).size;
  const unread = (world.wanted === "costly" || world.wanted === "failing") && !read.has(world);
  return { bytesToRead: unread ? costly : 0, layersToRead: unread ? Math.min(9, layers) : 0, layers };
}

export async function compareContents(
  world: World,
  given: Asked & { operation: string; progress: Channel<Progress> },
): Promise<ComparedContents> {
  const { bytesToRead } = comparisonCost(world, given);
  for (let done = 0; bytesToRead > 0 && done <= costly; done += costly / 20) {
    // 105 MB each 200 ms.
    const pace = done === 0 ? null : { bytesPerSecond: costly / 4, secondsLeft: (costly - done) / (costly / 4) };
    given.progress.onmessage({ type: "bytes", done, total: costly, pace });
    await wait(200, given.operation);
    if (world.wanted === "failing" && !failed.has(world) && done > costly / 4) {
      failed.add(world);
      throw problem("unreachable", "ghcr.io cannot be reached", "Check the network. What is known stays usable.");
    }
  }
  read.add(world);
  return contentsOf(world, given, bytesToRead);
}

export function comparedFiles(
  world: World,
  { view, text, offset, limit }: { view: string; text: string; offset: number; limit: number },
): Page<ComparedFile> {
  const rows = views.get(world)?.get(view);
  if (rows === undefined) throw problem("notFound", "this comparison is no longer in memory", "open it again");
  const matching = text === "" ? rows : rows.filter((row) => row.path.toLowerCase().includes(text.toLowerCase()));
  return { total: matching.length, items: matching.slice(offset, offset + Math.min(limit, 1000)) };
}

function contentsOf(world: World, asked: Asked, readBytes: number): ComparedContents {
  const { versions, reference } = compare(world, asked);
  const eras = versions.map(({ name }) => eraOf(name));
  const histories = world.wanted === "big" ? [...fileHistories, ...manyFiles(200_000)] : fileHistories;
  const from = eras[reference] ?? 0;
  const rows = histories
    .map(({ path, at }): ComparedFile => ({ path, fates: eras.map((era) => fateOf(at[from], at[era])) }))
    .filter((row) => row.fates.some((fate) => fate !== null));
  const view = `${reference}:${versions.map(({ digest, platform }) => `${platform}@${digest}`).join("+")}`;
  const open = views.get(world) ?? new Map<string, ComparedFile[]>();
  views.set(world, open.set(view, rows));
  return {
    view,
    packages: ecosystems.map(({ ecosystem, name, packages }) => ({
      ecosystem,
      name,
      rows: packages.map(([name, history]) => {
        const installed = eras.map((era) => history[era]);
        return { name, versions: installed, differs: installed.some((version) => version !== installed[0]) };
      }),
    })),
    packagesStated: world.wanted === "",
    differingFiles: rows.length,
    files: eras.map((_, place) => countsOf(rows, place, histories)),
    readBytes,
    problems: [],
  };
}

function countsOf(rows: readonly ComparedFile[], place: number, histories: readonly FileHistory[]) {
  const count = (kinds: readonly string[]) => rows.filter(({ fates }) => kinds.includes(fates[place]?.kind ?? "")).length;
  const [added, removed, changed] = [count(["added"]), count(["removed"]), count(["changed", "mode"])];
  return { added, removed, changed, same: 27_679 + histories.length - added - removed - changed, sameBySize: 0 };
}

function fateOf(before: KnownFile | null, after: KnownFile | null): FileFate | null {
  if (before === null) return after === null ? null : { kind: "added", afterBytes: after.bytes };
  if (after === null) return { kind: "removed", beforeBytes: before.bytes };
  if (before.bytes !== after.bytes || before.content !== after.content)
    return { kind: "changed", beforeBytes: before.bytes, afterBytes: after.bytes };
  return before.mode === after.mode ? null : { kind: "mode", before: before.mode ?? "0644", after: after.mode ?? "0644" };
}

function eraOf(tag: string): Era {
  const { user, precision } = buildOf(tag);
  return user === "root" ? 0 : precision === "F32" ? 1 : 2;
}
