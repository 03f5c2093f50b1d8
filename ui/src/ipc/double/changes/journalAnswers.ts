/** The journal as the program answers it: pages, one change, what is unsettled, how much there is, an export. */
import type {
  JournalDetail,
  JournalEntry,
  JournalManifest,
  JournalQuery,
  JournalSize,
  JournalStep,
  Page,
  Provider,
  Tally,
  UndoPromise,
  UnsettledChanges,
} from "../../bindings";
import { problem } from "../operation";
import type { World } from "../world";
import type { KeptChange } from "./state";

interface Asked {
  query: JournalQuery;
  offset: number;
  limit: number;
}

const dayMilliseconds = 86_400_000;

export function journalPage(world: World, { query, offset, limit }: Asked): Page<JournalEntry> {
  if (world.wanted === "errors") throw problem("storage", "The journal could not be read", "The disk is full. Nothing was lost.");
  const items = matching(world, query);
  return { total: items.length, items: items.slice(offset, offset + limit) };
}

function matching(world: World, query: JournalQuery): JournalEntry[] {
  const connection = world.connections.find((one) => one.id === query.connectionId)?.name;
  const since = query.since === null ? 0 : Date.now() - Number.parseInt(query.since, 10) * dayMilliseconds;
  const text = query.text?.toLowerCase() ?? "";
  return world.changes.journal
    .filter(({ entry, steps }) => {
      const names = [...entry.repositories, ...steps.flatMap(({ step }) => step.tags)];
      return (
        (query.kind === null || entry.kind === query.kind) &&
        (query.state === null || entry.state === query.state) &&
        (query.connectionId === null || [...entry.sources, ...entry.targets].includes(connection ?? "")) &&
        (query.repository === null || entry.repositories.includes(`${connection}/${query.repository}`)) &&
        Date.parse(entry.started) >= since &&
        names.some((name) => name.toLowerCase().includes(text))
      );
    })
    .map(({ entry }) => entry);
}

export function journalDetail(world: World, id: string): JournalDetail {
  const found = world.changes.journal.find((one) => one.entry.id === id);
  if (found === undefined) throw problem("notFound", `There is no change ${id}`);
  return { entry: found.entry, steps: found.steps, undo: promiseOf(world, found), copiedFrom: null };
}

const keptDays: Partial<Record<Provider, number>> = { ghcr: 30, quay: 14 };
const keptNothing: readonly Provider[] = ["ecr", "ecrPublic", "artifactRegistry", "gitLab"];

/** As far as the registry keeps what was deleted. */
function promiseOf(world: World, { entry, steps, at }: KeptChange): UndoPromise | null {
  const place = at[steps.findIndex(({ step }) => step.action === "delete-manifest")];
  if (place === undefined) return null;
  if (entry.backups.length > 0) return { kind: "backup" };
  const provider = world.connections.find((one) => one.id === place.connectionId)?.provider;
  if (provider === undefined || keptNothing.includes(provider)) return { kind: "nothing" };
  const days = keptDays[provider];
  if (days === undefined) return { kind: "untilCollected" };
  return { kind: "kept", days, until: new Date(Date.parse(entry.started) + days * dayMilliseconds).toISOString() };
}

export function journalManifest(world: World, { id, digest }: { id: string; digest: string }): JournalManifest {
  const step = journalDetail(world, id).steps.find((one) => one.step.digest === digest);
  if (step === undefined) throw problem("notFound", "The change kept no such manifest");
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return { digest, mediaType, text: JSON.stringify({ schemaVersion: 2, mediaType, annotations: { digest } }) };
}

export function unsettledChanges(world: World): UnsettledChanges {
  const entries = world.changes.journal.map(({ entry }) => entry);
  const interrupted = entries.filter((entry) => entry.state === "interrupted");
  const undoable = entries.find(({ kind, state, done }) => kind !== "undo" && state !== "running" && state !== "undone" && done.steps > 0);
  return { interrupted: interrupted.slice(0, 10), interruptedTotal: interrupted.length, undoable: undoable ?? null };
}

export function journalSize({ changes: { journal } }: World): JournalSize {
  const interrupted = journal.filter(({ entry }) => entry.state === "interrupted").length;
  return {
    changes: journal.length,
    interrupted,
    since: journal.at(-1)?.entry.started ?? null,
    manifestBytes: journal.length * 140_000,
  };
}

/** The person picks the name that is offered. */
export function exportJournal(world: World, { query, format }: { query: JournalQuery; format: string }): string {
  if (world.wanted === "full") throw problem("storage", "The disk is full", "Free some space. The journal itself is as it was.");
  return `/home/ann/berth-journal.${format}, ${matching(world, query).length} changes`;
}

/** What these steps come to; of a backup only the steps are counted. */
export function tallyOf(all: readonly JournalStep[], backups: readonly string[] = []): Tally {
  const steps = backups.length === 0 ? all : all.filter(({ step }) => step.action.startsWith("delete-"));
  const deleted = steps.filter(({ step }) => step.action === "delete-manifest");
  return {
    steps: all.length,
    tags: steps.reduce((sum, { step }) => sum + step.tags.length, 0),
    digests: deleted.length,
    versions: deleted.filter(({ step }) => step.tags.length > 0).length,
    bytes: steps.reduce((sum, { step }) => sum + step.bytes, 0),
  };
}
