/** Saved policies, and what can be done with them; what went wrong is kept until something else is tried. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { PolicyDraft, Problem, SavedPolicy } from "../../../ipc";
import * as ipc from "../../../ipc";
import { policiesKey, policiesQuery } from "../../../ipc/queries/changes";

export interface Policies {
  all: readonly SavedPolicy[];
  problem: Problem | null;
  /** A file whose policies are saved already with other rules: they may replace these. */
  clash: string | null;
  /** Whether it was saved. */
  save: (policy: PolicyDraft) => Promise<boolean>;
  remove: (name: string) => Promise<boolean>;
  /** Asks for a place. Without a name: all of them. */
  exportTo: (name: string | null) => Promise<void>;
  /** Asks for a file unless one is given. Gives the names of what was saved. */
  importFrom: (file?: string) => Promise<string[]>;
  /** What went wrong was read. */
  putAway: () => void;
}

const none: readonly SavedPolicy[] = [];

export function usePolicies(): Policies {
  const client = useQueryClient();
  const all = useQuery(policiesQuery).data ?? none;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [clash, setClash] = useState<string | null>(null);
  const putAway = () => {
    setProblem(null);
    setClash(null);
  };
  /** Runs it, and reads the policies again; null: it failed, and why is shown. */
  async function run<T>(work: () => Promise<T>): Promise<T | null> {
    putAway();
    try {
      const answer = await work();
      await client.invalidateQueries({ queryKey: policiesKey });
      return answer;
    } catch (error) {
      setProblem(ipc.toProblem(error));
      return null;
    }
  }
  const succeeds = async (work: () => Promise<unknown>) => {
    const done = await run(async () => {
      await work();
      return true;
    });
    return done ?? false;
  };
  const importFrom = async (known?: string) => {
    const file = known ?? (await run(() => ipc.pickFile("Choose a file of policies")));
    if (file === null) return [];
    const names = await run(async () => {
      try {
        return await ipc.importPolicies(file, known !== undefined);
      } catch (error) {
        if (ipc.toProblem(error).code === "conflict") setClash(file);
        throw error;
      }
    });
    return names ?? [];
  };
  return {
    all,
    problem,
    clash,
    save: (policy) => succeeds(() => ipc.savePolicy(policy)),
    remove: (name) => succeeds(() => ipc.removePolicy(name)),
    exportTo: async (name) => {
      await run(async () => {
        const file = await ipc.pickNewFile("Export policies", fileName(name));
        if (file !== null) await ipc.exportPolicies(name === null ? [] : [name], file);
      });
    },
    importFrom,
    putAway,
  };
}

/** `Quarterly clean-up` → `quarterly-clean-up.toml`. */
export function fileName(name: string | null): string {
  const plain = (name ?? "retention").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return `${plain.replace(/^-+|-+$/g, "") || "policy"}.toml`;
}
