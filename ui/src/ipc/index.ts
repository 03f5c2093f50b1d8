/**
 * The one door between the window and the program. Features import commands and types from here; nothing else imports
 * Tauri. Every long command takes an AbortSignal: aborting it cancels the operation in the program too.
 */
import { Channel } from "@tauri-apps/api/core";
import { endWait, noteWait } from "./asides";
import type * as Wire from "./bindings";
import { commands } from "./bindings";
import { cancelledProblem, toProblem } from "./problem";

export { useWaits, useWarnings, type Wait } from "./asides";
export type * from "./bindings";
export { isCancelled, toProblem } from "./problem";

/** What a caller of a long command may pass: a signal that cancels it, and a listener for its progress. */
export interface LongOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Wire.Progress) => void) | undefined;
}

/** Mints an operation id, runs the command under it, and cancels it in the program when the signal aborts. */
async function long<T>(
  options: LongOptions | undefined,
  run: (operation: string, progress: Channel<Wire.Progress>) => Promise<T>,
): Promise<T> {
  const signal = options?.signal;
  if (signal?.aborted) throw cancelledProblem();
  const operation = crypto.randomUUID();
  const channel = new Channel<Wire.Progress>((progress) => {
    noteWait(operation, progress);
    options?.onProgress?.(progress);
  });
  const abort = () => void commands.cancel(operation).catch(() => undefined);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await run(operation, channel);
  } catch (error) {
    throw signal?.aborted ? cancelledProblem() : toProblem(error);
  } finally {
    signal?.removeEventListener("abort", abort);
    endWait(operation);
  }
}

/** Rejections of short commands become a `Problem` as well, so that features handle one shape only. */
async function short<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw toProblem(error);
  }
}

// Connections
export const start = () => short(commands.start());
export const connections = () => short(commands.connections());
export const guessProvider = (address: string) => short(commands.guessProvider(address));
export const newPlace = (address: string) => short(commands.newPlace(address));
export const checkDraft = (draft: Wire.ConnectionDraft, options?: LongOptions) =>
  long(options, (operation, progress) => commands.checkDraft(draft, operation, progress));
export const saveConnection = (draft: Wire.ConnectionDraft, options?: LongOptions) =>
  long(options, (operation, progress) => commands.saveConnection(draft, operation, progress));
export const removeConnection = (id: string) => short(commands.removeConnection(id));
export const importDockerLogins = (options?: LongOptions) =>
  long(options, (operation, progress) => commands.importDockerLogins(operation, progress));
export const pinRepositories = (id: string, names: string[]) => short(commands.pinRepositories(id, names));
export const unpinRepository = (id: string, name: string) => short(commands.unpinRepository(id, name));
export const checkConnection = (id: string, options?: LongOptions) =>
  long(options, (operation, progress) => commands.checkConnection(id, operation, progress));
export const createSample = (options?: LongOptions) => long(options, (operation, progress) => commands.createSample(operation, progress));

// Synchronisation
/** Of a whole connection the repository `first` is read before the others. */
export const sync = (connectionId: string, repository: string | null, first: string | null, options?: LongOptions) =>
  long(options, (operation, progress) => commands.sync(connectionId, repository, first, operation, progress));
export const revision = () => short(commands.revision());

// Lists
export const repositories = (connectionId: string, offset: number, limit: number) =>
  short(commands.repositories(connectionId, offset, limit));
export const versions = (query: Wire.VersionsQuery, offset: number, limit: number) => short(commands.versions(query, offset, limit));
export const series = (query: Wire.VersionsQuery, metric: string) => short(commands.series(query, metric));
export const selection = (connectionId: string, repository: string, digests: string[]) =>
  short(commands.selection(connectionId, repository, digests));

// One version
export const version = (connectionId: string, repository: string, digest: string, platform: string | null) =>
  short(commands.version(connectionId, repository, digest, platform));
export const refreshReferrers = (connectionId: string, repository: string, digest: string, options?: LongOptions) =>
  long(options, (operation, progress) => commands.refreshReferrers(connectionId, repository, digest, operation, progress));
export const rawManifest = (connectionId: string, repository: string, digest: string) =>
  short(commands.rawManifest(connectionId, repository, digest));
export const document = (connectionId: string, repository: string, digest: string, layerDigest: string, options?: LongOptions) =>
  long(options, (operation, progress) => commands.document(connectionId, repository, digest, layerDigest, operation, progress));

// Versions beside each other
/** From the index alone. `reference`: the place of the version that the others are held against. */
export const compare = (versions: readonly Wire.VersionAt[], reference: number) => short(commands.compare([...versions], reference));
/** What differs, as Markdown. */
export const comparisonMarkdown = (versions: readonly Wire.VersionAt[], reference: number) =>
  short(commands.comparisonMarkdown([...versions], reference));
/** What comparing the files and packages would read now. */
export const comparisonCost = (versions: readonly Wire.VersionAt[], reference: number) =>
  short(commands.comparisonCost([...versions], reference));
/** Reads the layers that were never read, and compares files and packages. */
export const compareContents = (versions: readonly Wire.VersionAt[], reference: number, options?: LongOptions) =>
  long(options, (operation, progress) => commands.compareContents([...versions], reference, operation, progress));
/** A page of the files that differ, of those whose path holds the text. */
export const comparedFiles = (view: string, text: string, offset: number, limit: number) =>
  short(commands.comparedFiles(view, text, offset, limit));

// Files
export const filesCost = (connectionId: string, repository: string, digest: string, platform: string | null) =>
  short(commands.filesCost(connectionId, repository, digest, platform));
export const files = (connectionId: string, repository: string, digest: string, platform: string | null, options?: LongOptions) =>
  long(options, (operation, progress) => commands.files(connectionId, repository, digest, platform, operation, progress));
export const fileChildren = (view: string, path: string, options: Wire.FilesOptions, offset: number, limit: number) =>
  short(commands.fileChildren(view, path, options, offset, limit));
export const icicle = (view: string, options: Wire.FilesOptions) => short(commands.icicle(view, options));

// Search and pull commands
export const search = (text: string, connectionId: string | null, limit: number) => short(commands.search(text, connectionId, limit));
export const pullCommands = (connectionId: string, repository: string, digest: string, tag: string | null, byDigest: boolean) =>
  short(commands.pullCommands(connectionId, repository, digest, tag, byDigest));

// Changes and their journal
/** As the index knows it: at once, for looking only. */
export const previewChange = (request: Wire.ChangeRequest) => short(commands.previewChange(request));
/** With everything read anew; what it gives can be executed. */
export const planChange = (request: Wire.ChangeRequest, options?: LongOptions) =>
  long(options, (operation, progress) => commands.planChange(request, operation, progress));
/** `typedName`: what a person typed, where the plan asks for a name. */
export const executeChange = (planId: string, typedName: string | null, options?: LongOptions) =>
  long(options, (operation, progress) => commands.executeChange(planId, typedName, operation, progress));
export const fittingRoutes = (connectionId: string, repository: string, digest: string) =>
  short(commands.fittingRoutes(connectionId, repository, digest));
export const journal = (query: Wire.JournalQuery, offset: number, limit: number) => short(commands.journal(query, offset, limit));
export const journalDetail = (id: string) => short(commands.journalDetail(id));
export const journalManifest = (id: string, digest: string) => short(commands.journalManifest(id, digest));
export const unsettledChanges = () => short(commands.unsettledChanges());
export const journalSize = () => short(commands.journalSize());
/** Null: the person picked no file. */
export const exportJournal = (query: Wire.JournalQuery, format: Wire.JournalFormat, title: string) =>
  short(commands.exportJournal(query, format, title));
export const channelHistory = (connectionId: string, repository: string, channel: string) =>
  short(commands.channelHistory(connectionId, repository, channel));

// Saved policies
export const policies = () => short(commands.policies());
/** The repositories of the index that patterns match. */
export const coveredRepositories = (patterns: string[]) => short(commands.coveredRepositories(patterns));
export const savePolicy = (policy: Wire.PolicyDraft) => short(commands.savePolicy(policy));
export const removePolicy = (name: string) => short(commands.removePolicy(name));
export const exportPolicies = (names: string[], file: string) => short(commands.exportPolicies(names, file));
export const importPolicies = (file: string, replace: boolean) => short(commands.importPolicies(file, replace));

// Settings
export const settings = () => short(commands.settings());
export const defaultSettings = () => short(commands.defaultSettings());
export const publicKeyFile = (path: string) => short(commands.publicKeyFile(path));
export const updateSettings = (seen: Wire.Settings, wanted: Wire.Settings) => short(commands.updateSettings(seen, wanted));
export const indexStatistics = () => short(commands.indexStatistics());
export const clearContents = () => short(commands.clearContents());
export const clearIndex = () => short(commands.clearIndex());
export const keychainState = () => short(commands.keychainState());
export const trustedFiles = () => short(commands.trustedFiles());
export const protectedCount = () => short(commands.protectedCount());
export const openSettingsFile = () => short(commands.openSettingsFile());
export const openAddress = (url: string) => short(commands.openAddress(url));
export const pickFile = (title: string) => short(commands.pickFile(title));
export const pickNewFile = (title: string, name: string) => short(commands.pickNewFile(title, name));
export const pickFolder = (title: string) => short(commands.pickFolder(title));
