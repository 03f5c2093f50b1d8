/** What the double holds: connections, repositories, settings. Which world it is, is chosen in the address: `?double=offline`. */
import type { ConnectionInfo, KeychainState, Problem, RepositoryRow, RouteSetting, Settings } from "../bindings";
import { seededJournal } from "./changes/journal";
import type { Changes } from "./changes/state";
import { ago } from "./clock";
import { bigConnection, manyRepositories, pictureConnections, pictureRepositories } from "./data/connections";
import { oddConnection, oddRepositories } from "./data/odd";
import { type KeptPolicy, picturePolicies } from "./policies";

/**
 * `""` as in the pictures · `first` · `offline` · `errors` · `keychain` · `loading` · `big` · `slow` · `empty` · `odd`.
 * `unread` a repository of the picture's policy cannot be read. Of changes: `interrupted` one without an end · `journal` thousands · `asks` production asks for something · `refused` the
 * registry refuses some steps · `moved` somebody else is quicker · `collected` what was deleted cannot be put back. Of comparisons: `costly` files and packages
 * have to be read · `failing` reading them fails once.
 */
export type Wanted = string;

export interface World {
  wanted: Wanted;
  connections: ConnectionInfo[];
  settings: Settings;
  keychain: KeychainState;
  notices: Problem[];
  revision: number;
  changes: Changes;
  policies: KeptPolicy[];
  repositories: (connectionId: string) => RepositoryRow[];
}

function route(name: string, from: string, to: string, tag: string): RouteSetting {
  return { name, from, to, tag, ownTag: true, referrers: null, platforms: [] };
}

export const defaultSettings: Settings = {
  theme: "system",
  sizes: "si",
  times: "relative",
  textPercent: 100,
  lessMotion: false,
  channels: [
    { name: "production", mark: "full", asksFirst: true, requires: [] },
    { name: "staging", mark: "half", asksFirst: false, requires: [] },
    { name: "latest", mark: "ring", asksFirst: false, requires: [] },
    { name: "nightly", mark: "ring", asksFirst: false, requires: [] },
  ],
  protectedTags: ["production", "staging", "latest", "v[0-9]*-lts", "release-*"],
  pullTools: ["docker", "podman", "oras", "kit"],
  pullByDigest: true,
  indexLimitBytes: 2_000_000_000,
  refreshMinutes: 15,
  refreshOnFocus: true,
  proxy: "system",
  proxyAddress: "http://proxy.lab.example:3128",
  noProxy: ".lab.example, 10.0.0.0/8",
  trustedCa: ["/etc/ssl/lab-root-ca.pem"],
  requestsPerHost: 32,
  answerTimeoutSeconds: 30,
  tries: 4,
  keys: [],
  routes: [
    route("Production, Frankfurt", "GHCR/vision/*", "ECR eu-central-1/prod/*", "production"),
    route("Language models", "GHCR/llm/*", "ECR eu-central-1/llm/*", "production"),
    route("Laboratory", "GHCR/vision/*", "registry.lab.example/vision/*", "staging"),
  ],
};

const noKeychain: Problem = {
  code: "keychainUnavailable",
  message: "No keychain on this system",
  hint: "The Secret Service did not answer. Logins last until Berth closes; nothing is written to disk. Install gnome-keyring or KeePassXC.",
  retryable: true,
};

const errors: Problem[] = [
  {
    code: "rateLimited",
    message: "Docker Hub is rate limited until 14:32",
    hint: "200 of 200 pulls in 6 h are used. Known tags are shown; 38 tags are read after that.",
    retryable: true,
  },
  {
    code: "untrustedCertificate",
    message: "The certificate of models.example is not trusted",
    hint: "Issued by “Lab Root CA”, unknown here. Nothing was sent.",
    retryable: false,
  },
];

export function createWorld(wanted: Wanted): World {
  const unavailable = wanted === "keychain";
  const big = manyRepositories();
  return {
    wanted,
    connections: connectionsOf(wanted),
    settings: structuredClone(defaultSettings),
    keychain: { available: !unavailable, name: "Secret Service", problem: unavailable ? noKeychain : null },
    notices: unavailable ? [noKeychain] : [],
    revision: 1,
    policies: wanted === "first" ? [] : structuredClone([...picturePolicies]),
    changes: { versions: new Map(), gone: new Map(), plans: new Map(), journal: seededJournal(wanted) },
    repositories: (connectionId) =>
      connectionId === "big" ? big : connectionId === oddConnection.id ? oddRepositories : pictureRepositories(connectionId),
  };
}

function connectionsOf(wanted: Wanted): ConnectionInfo[] {
  const all = structuredClone(pictureConnections);
  if (wanted === "first") return [];
  if (wanted === "odd") return [structuredClone(oddConnection), ...all];
  if (wanted === "big") return [structuredClone(bigConnection), ...all];
  if (wanted === "offline") return all.map((one) => ({ ...one, offlineSince: ago(120), syncedAt: ago(120) }));
  if (wanted === "errors") return all.map((one) => ({ ...one, problem: one.problem ?? errors[one.id === "hub" ? 0 : 1] ?? null }));
  return all;
}
