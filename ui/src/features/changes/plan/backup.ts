/** Where a deletion puts what goes before it deletes anything, and what of a plan that is. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { BackupPlace, ChangeRequest, ConnectionInfo, Plan, PlannedStep } from "../../../ipc";
import { connectionsQuery } from "../../../ipc/queries/connections";
import { asRecord, usePersisted } from "../../../shared/persisted";
import type { Parts, Sent } from "../running/parts";
import { quoted } from "./rules";

/** What is chosen on the page; kept for the repository, until its folder is not connected any more. */
export interface BackupChoice {
  /** Folders that are connected. */
  folders: readonly ConnectionInfo[];
  /** null: no backup. */
  folder: ConnectionInfo | null;
  prefix: string;
  error: string | null;
  /** null: none is wanted, or what is chosen cannot be. */
  place: BackupPlace | null;
  change: (folder: ConnectionInfo | null, prefix: string) => void;
}

interface Kept {
  connectionId: string;
  prefix: string;
}

function parseKept(value: unknown): Kept | null {
  const kept = asRecord(value);
  return typeof kept?.connectionId === "string" && typeof kept.prefix === "string" ? (kept as unknown as Kept) : null;
}

const prefixPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/** `from`: the connection of what goes. */
export function useBackup(from: ConnectionInfo, repository: string): BackupChoice {
  const { data: connections } = useQuery(connectionsQuery);
  const [kept, setKept] = usePersisted<Kept | null>(`berth.backup ${from.id} ${repository}`, null, parseKept);
  const folders = useMemo(() => connections?.filter((one) => one.provider === "folder") ?? [], [connections]);
  const folder = folders.find((one) => one.id === kept?.connectionId) ?? null;
  const prefix = kept?.prefix ?? "";
  const error = folder === null ? null : wrongPrefix(prefix, folder.id === from.id);
  const id = folder === null || error !== null ? null : folder.id;
  const place = useMemo(() => (id === null ? null : { connectionId: id, prefix: prefix.trim() }), [id, prefix]);
  const change = (next: ConnectionInfo | null, nextPrefix: string) =>
    setKept(() => (next === null ? null : { connectionId: next.id, prefix: nextPrefix }));
  return { folders, folder, prefix, error, place, change };
}

export function wrongPrefix(text: string, besideItself: boolean): string | null {
  const prefix = text.trim();
  if (prefix === "") return besideItself ? "What goes is in this folder: name another place in it" : null;
  return prefixPattern.test(prefix) ? null : "Small letters, digits, and . _ - / between them";
}

/** The same change with a backup. */
export function withBackup<T extends ChangeRequest>(request: T, backup: BackupPlace | null): T {
  return request.kind === "prune" || request.kind === "delete" ? { ...request, backup } : request;
}

/** `berthctl prune … --backup Archive/before`. */
export function backupFlag({ folder, prefix, error }: BackupChoice): string {
  if (folder === null || error !== null) return "";
  return ` --backup ${quoted(prefix.trim() === "" ? folder.name : `${folder.name}/${prefix.trim()}`)}`;
}

/** The steps of a plan's backup, with their places; none where it has no backup. */
export function backupSteps({ steps, backups }: Plan): { place: number; step: PlannedStep }[] {
  if (backups.length === 0) return [];
  return steps.flatMap((step, place) => (step.action.startsWith("delete-") ? [] : [{ place, step }]));
}

export interface BackupSums {
  blobs: number;
  bytes: number;
  manifests: number;
  tags: number;
}

export function backupSums(plan: Plan): BackupSums {
  const steps = backupSteps(plan).map((one) => one.step);
  const blobs = steps.filter((step) => step.action === "copy-blob");
  const puts = steps.filter((step) => step.action === "put-manifest");
  return {
    blobs: blobs.length,
    bytes: blobs.reduce((sum, step) => sum + step.bytes, 0),
    manifests: puts.filter((step) => step.tags.length === 0).length,
    tags: puts.filter((step) => step.tags.length > 0).length,
  };
}

/** How far the backup of a plan that runs is; null: all of it is there, or there is none. */
export function backingUp(plan: Plan, parts: Parts): { sent: Sent | null } | null {
  const waits = backupSteps(plan).some(({ place }) => parts.steps.get(place)?.standing !== "done");
  return waits ? { sent: parts.all } : null;
}
