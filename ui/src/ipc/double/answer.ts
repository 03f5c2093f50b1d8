/** Which command gets which answer. The double rejects with problems of the same shape as the program's. */
import type { Channel } from "@tauri-apps/api/core";
import type {
  ChangeRequest,
  CheckStep,
  ConnectionDraft,
  ConnectionInfo,
  FilesOptions,
  JournalFormat,
  JournalQuery,
  PolicyDraft,
  Progress,
  Settings,
  SyncReport,
  VersionAt,
  VersionsQuery,
} from "../bindings";
import { compare, comparisonMarkdown } from "./answerComparison";
import { compareContents, comparedFiles, comparisonCost } from "./answerContents";
import { pullCommands, rawManifest, referrers, versionDetail } from "./answerDetail";
import { fileChildren, filesSummary, icicle, readme } from "./answerFiles";
import { searchAnswer } from "./answerSearch";
import { selectionSummary, seriesPoints, versionsPage } from "./answerVersions";
import {
  channelHistory,
  executeChange,
  exportJournal,
  fittingRoutes,
  journalDetail,
  journalManifest,
  journalPage,
  journalSize,
  planChange,
  previewChange,
  unsettledChanges,
} from "./changes";
import { pictureConnections } from "./data/connections";
import { cancelOperation, problem, wait } from "./operation";
import { coveredBy, importPolicies, removePolicy, savedPolicies, savePolicy } from "./policies";
import { defaultSettings, type World } from "./world";

/** All arguments that a command may have; which ones are there depends on the command. */
interface Arguments {
  id: string;
  name: string;
  names: string[];
  address: string;
  draft: ConnectionDraft;
  connectionId: string;
  repository: string;
  digest: string;
  digests: string[];
  versions: VersionAt[];
  reference: number;
  format: JournalFormat;
  platform: string | null;
  tag: string | null;
  byDigest: boolean;
  operation: string;
  progress: Channel<Progress>;
  query: VersionsQuery;
  view: string;
  request: ChangeRequest;
  planId: string;
  channel: string;
  metric: string;
  offset: number;
  limit: number;
  text: string;
  path: string;
  options: FilesOptions;
  seen: Settings;
  wanted: Settings;
  policy: PolicyDraft;
  patterns: string[];
  replace: boolean;
  typedName: string | null;
}

/** The progress of a synchronisation: steps, requests, and one wait for a rate limit. */
async function synchronise(world: World, given: Arguments): Promise<SyncReport> {
  const report = (progress: Progress) => given.progress.onmessage(progress);
  const total = 1214;
  for (let done = 1; done <= 20; done += 1) {
    report({ type: "step", what: "Reading tags", done: Math.round((total * done) / 20), total });
    report({ type: "requests", count: done });
    await wait(world.wanted === "loading" ? 3000 : 60, given.operation);
    if (done === 7 && world.wanted === "loading")
      report({ type: "waiting", reason: "rateLimited", host: "ghcr.io", until: new Date(Date.now() + 60_000).toISOString() });
  }
  if (world.wanted === "offline")
    throw problem("unreachable", "registry.lab.example cannot be reached", "Check the network. What is known stays usable.");
  world.revision += 1;
  const connection = world.connections.find((one) => one.id === given.connectionId);
  if (connection) connection.syncedAt = new Date().toISOString();
  return { repositories: 1, tags: 31, new: 0, moved: 0, gone: 0, requests: 3, milliseconds: 1200, problems: [] };
}

function checkSteps(draft: Pick<ConnectionDraft, "address"> | undefined): CheckStep[] {
  const reachable = !draft?.address.includes("nowhere");
  const step = (name: CheckStep["step"], ok: boolean | null, detail: string, milliseconds: number | null, hint: string | null = null) => ({
    step: name,
    ok,
    detail,
    hint,
    milliseconds,
  });
  if (!reachable) return [step("name", false, "the name nowhere could not be found", 12, "check the address for a typing error")];
  return [
    step("name", true, "ghcr.io is 140.82.121.34", 12),
    step("connect", true, "140.82.121.34:443 answers", 38),
    step("tls", true, "encrypted, and the certificate is trusted", 20),
    step("api", true, "a registry answers; it hands out tokens", 61),
    step("login", true, "“acme-bot” is accepted", 140),
    step("list", true, "14 repositories are listed (of the first page)", 212),
    step("pull", true, "vision/defect-detector:1.4.2 can be read", 88),
    step("push", true, "an upload may begin", 61),
    step("delete", false, "the login may not delete here", 40, "give the token delete:packages; all else works"),
  ];
}

function savedConnection(world: World, draft: ConnectionDraft): ConnectionInfo {
  const before = world.connections.find((one) => one.id === draft.id);
  const template = before ?? (pictureConnections[2] as ConnectionInfo);
  const saved: ConnectionInfo = {
    ...template,
    id: draft.id ?? `connection-${world.connections.length + 1}`,
    name: draft.name || draft.address,
    location: draft.address,
    username: draft.username,
    loginMethod: draft.loginMethod,
    loginState: draft.loginMethod === "anonymous" ? "none" : draft.storeSecret ? "stored" : "session",
    problem: null,
  };
  world.connections = before ? world.connections.map((one) => (one.id === saved.id ? saved : one)) : [...world.connections, saved];
  world.revision += 1;
  return saved;
}

type Handler = (world: World, given: Arguments) => unknown;

const handlers: Record<string, Handler> = {
  start: (world) => ({
    version: "0.1.0",
    connections: world.connections,
    settings: world.settings,
    dockerLogins: ["ghcr.io", "https://index.docker.io/v1/", "registry.lab.example"],
    keychain: world.keychain,
    notices: world.notices,
    dataFolder: "/home/ada/.local/share/berth",
  }),
  connections: (world) => world.connections,
  guess_provider: (_, { address }) => (address.includes("ghcr") ? "ghcr" : address.startsWith("/") ? "folder" : "distribution"),
  // In the double nothing lies below /new.
  new_place: (_, { address }) => (address.startsWith("/new") ? (address.endsWith(".tar") ? "archive" : "folder") : null),
  check_draft: async (_, { draft, operation }) => {
    await wait(400, operation);
    return checkSteps(draft);
  },
  save_connection: (world, { draft }) => savedConnection(world, draft),
  remove_connection: (world, { id }) => {
    const name = world.connections.find((one) => one.id === id)?.name ?? "";
    world.connections = world.connections.filter((one) => one.id !== id);
    world.settings.routes = world.settings.routes.filter(({ from, to }) => ![from, to].some((place) => place.startsWith(`${name}/`)));
    world.revision += 1;
    return null;
  },
  import_docker_logins: (world) => {
    const added = structuredClone(pictureConnections).slice(1, 3);
    world.connections = [...world.connections, ...added];
    world.revision += 1;
    const refused = problem("loginExpired", "registry.lab.example refuses the docker login", "run `docker login registry.lab.example`");
    return { added, problems: [{ host: "registry.lab.example", problem: refused }] };
  },
  pin_repositories: (world, { id, names }) => {
    for (const one of world.connections) if (one.id === id) one.pinned = [...new Set([...one.pinned, ...names])];
    world.revision += 1;
    return null;
  },
  unpin_repository: (world, { id, name }) => {
    for (const one of world.connections) if (one.id === id) one.pinned = one.pinned.filter((pinned) => pinned !== name);
    world.revision += 1;
    return null;
  },
  check_connection: async (_, { operation }) => {
    await wait(400, operation);
    return checkSteps(undefined);
  },
  create_sample: (world) => {
    const sample = structuredClone(pictureConnections[0] as ConnectionInfo);
    world.connections = [...world.connections, sample];
    world.revision += 1;
    return sample;
  },
  sync: synchronise,
  cancel: (_, { operation }) => {
    cancelOperation(operation);
    return null;
  },
  revision: (world) => world.revision,
  repositories: (world, { connectionId, offset, limit }) => {
    const rows = world.repositories(connectionId);
    const pinned = world.connections.find((one) => one.id === connectionId)?.pinned ?? [];
    return {
      total: rows.length,
      items: rows.slice(offset, offset + limit).map((row) => ({ ...row, pinned: row.pinned || pinned.includes(row.name) })),
    };
  },
  versions: async (world, { query, offset, limit }) => {
    if (world.wanted === "errors") throw problem("storage", "The index could not be read", "The disk is full. Nothing was lost.");
    if (world.wanted === "slow") await new Promise((done) => setTimeout(done, 1500));
    return versionsPage(world, query, offset, limit);
  },
  series: (world, { query, metric }) => seriesPoints(world, query, metric),
  selection: (world, { connectionId, repository, digests }) => selectionSummary(world, connectionId, repository, digests),
  version: versionDetail,
  compare,
  comparison_markdown: comparisonMarkdown,
  comparison_cost: comparisonCost,
  compare_contents: compareContents,
  compared_files: comparedFiles,
  refresh_referrers: (_, { digest }) => referrers(digest, true),
  raw_manifest: rawManifest,
  document: () => ({ title: "README.md", text: readme, markdown: true }),
  files_cost: () => ({ bytesToRead: 176_000_000, layersToRead: 1, layers: 8 }),
  files: async (world, given) => {
    for (let done = 0; done <= 176_000_000; done += 22_000_000) {
      const pace = { bytesPerSecond: 220_000_000, secondsLeft: 1 };
      given.progress.onmessage({ type: "bytes", done, total: 176_000_000, pace: done === 0 ? null : pace });
      await wait(100, given.operation);
    }
    return filesSummary(world, given);
  },
  file_children: (_, { path, options, offset, limit }) => fileChildren(path, options, offset, limit),
  icicle: (_, { options }) => icicle(options),
  search: (world, { text, limit }) => searchAnswer(world, text, limit),
  pull_commands: pullCommands,
  preview_change: (world, { request }) => previewChange(world, request),
  plan_change: planChange,
  execute_change: executeChange,
  fitting_routes: (world, { connectionId, repository, digest }) => fittingRoutes(world, { connectionId, repository }, digest),
  journal: (world, given) => journalPage(world, { ...given, query: given.query as unknown as JournalQuery }),
  journal_detail: (world, { id }) => journalDetail(world, id),
  journal_manifest: (world, { id, digest }) => journalManifest(world, { id, digest }),
  journal_size: journalSize,
  unsettled_changes: unsettledChanges,
  export_journal: (world, { query, format }) => exportJournal(world, { query: query as unknown as JournalQuery, format }),
  channel_history: (world, { connectionId, repository, channel }) => channelHistory(world, { connectionId, repository }, channel),
  policies: savedPolicies,
  covered_repositories: (world, { patterns }) => coveredBy(world, patterns),
  save_policy: (world, { policy }) => savePolicy(world, policy),
  remove_policy: (world, { name }) => removePolicy(world, name),
  export_policies: () => null,
  import_policies: (world, { replace }) => importPolicies(world, replace),
  pick_new_file: (_, { name }) => `/home/ada/${name}`,
  settings: (world) => world.settings,
  default_settings: () => structuredClone(defaultSettings),
  update_settings: (world, { wanted }) => {
    world.settings = wanted;
    return wanted;
  },
  index_statistics: () => ({ indexBytes: 214_000_000, contentsBytes: 96_000_000, tags: 2320, manifests: 9114, repositories: 24 }),
  clear_contents: () => null,
  clear_index: () => null,
  keychain_state: (world) => world.keychain,
  trusted_files: (world) => world.settings.trustedCa.map((file) => ({ file, ends: "2031-03-03T12:00:00Z", problem: null })),
  protected_count: (world) => ({
    patterns: world.settings.protectedTags.length,
    tags: 61,
    total: 2320,
    connections: world.connections.length,
  }),
  open_settings_file: () => null,
  open_address: () => null,
  pick_file: () => "/etc/ssl/lab-root-ca.pem",
  pick_folder: () => "/home/ada/models",
};

export async function answer(world: World, command: string, given: unknown): Promise<unknown> {
  const handler = handlers[command];
  if (handler === undefined) throw problem("other", `The double does not know ${command}`);
  return structuredClone(await handler(world, given as Arguments));
}
