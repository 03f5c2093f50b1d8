/** The connections and repositories of the pictures. */
import type { ConnectionInfo, Problem, RepositoryRow } from "../../bindings";
import { ago, day } from "../clock";

const expired: Problem = {
  code: "loginExpired",
  message: "The login for registry.lab.example has expired",
  hint: "Log in again. Its 27 tags are shown as of then.",
  retryable: false,
};

export function connection(part: Partial<ConnectionInfo> & Pick<ConnectionInfo, "id" | "name" | "location" | "provider">): ConnectionInfo {
  return {
    pullTimes: ["dockerHub", "ecr", "harbor"].includes(part.provider) ? "unread" : "untold",
    loginMethod: "anonymous",
    username: null,
    loginState: "none",
    plainHttp: false,
    caFile: null,
    clientCertificate: null,
    pinned: [],
    repositories: 0,
    tags: 0,
    syncedAt: ago(2),
    syncing: false,
    offlineSince: null,
    problem: null,
    ...part,
  };
}

export const pictureConnections: ConnectionInfo[] = [
  connection({ id: "sample", name: "Sample models", location: "/home/ada/berth/sample", provider: "folder", tags: 6 }),
  connection({
    id: "hub",
    name: "Docker Hub",
    location: "docker.io/acme",
    provider: "dockerHub",
    tags: 212,
    loginMethod: "docker",
    username: "acme-bot",
    loginState: "stored",
    syncedAt: ago(14),
  }),
  connection({
    id: "ghcr",
    name: "GHCR",
    location: "ghcr.io/acme",
    provider: "ghcr",
    tags: 1214,
    loginMethod: "password",
    username: "acme-bot",
    loginState: "stored",
  }),
  connection({
    id: "ecr",
    name: "ECR eu-central-1",
    location: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    provider: "ecr",
    tags: 861,
    loginMethod: "docker",
    loginState: "stored",
    syncedAt: ago(9),
  }),
  connection({
    id: "lab",
    name: "registry.lab.example",
    location: "registry.lab.example",
    provider: "distribution",
    tags: 27,
    loginMethod: "password",
    username: "acme-bot",
    loginState: "expired",
    syncedAt: ago(3 * day),
    problem: expired,
  }),
];

const names: Record<string, Record<string, number>> = {
  sample: { "iris-classifier": 2, "mnist-cnn": 1, "tiny-bert": 3 },
  hub: { "acme/defect-detector-edge": 84, "acme/pcb-ocr": 70, "acme/tools": 58 },
  ghcr: {
    "base/cuda": 220,
    "base/python": 187,
    "forecasting/demand": 231,
    "forecasting/energy": 171,
    "llm/embedder": 37,
    "llm/reranker": 47,
    "llm/support-agent": 64,
    "vision/defect-detector": 31,
    "vision/line-scan-segmenter": 126,
    "vision/pcb-ocr": 88,
    "vision/seal-check": 12,
  },
  ecr: { "llm/support-agent": 402, "prod/defect-detector": 459, "prod/empty": 0 },
  lab: { "robotics/grasp-net": 19, "robotics/pose-6d": 8 },
};

export function pictureRepositories(connectionId: string): RepositoryRow[] {
  return Object.entries(names[connectionId] ?? {}).map(([name, tags]) => ({
    name,
    tags,
    versions: Math.max(Math.min(tags, 1), Math.round(tags * 0.7)),
    sizeBytes: tags * 400_000_000,
    updated: ago(3 * day),
    pinned: false,
    problem: null,
  }));
}

/** 50,000 repositories of one connection, to feel the sidebar. */
export function manyRepositories(): RepositoryRow[] {
  const rows: RepositoryRow[] = [];
  for (let team = 0; team < 500; team += 1) {
    for (let model = 0; model < 100; model += 1) {
      const name = `team-${String(team).padStart(3, "0")}/model-${String(model).padStart(2, "0")}`;
      rows.push({ name, tags: 20, versions: 18, sizeBytes: null, updated: null, pinned: false, problem: null });
    }
  }
  rows.unshift({
    name: "load/hundred-thousand",
    tags: 100_000,
    versions: 100_000,
    sizeBytes: null,
    updated: ago(5),
    pinned: true,
    problem: null,
  });
  return rows;
}

export const bigConnection = connection({
  id: "big",
  name: "Load test",
  location: "127.0.0.1:5000",
  provider: "distribution",
  plainHttp: true,
  tags: 1_100_000,
});
