/** How one pulls: the tool used last, and by tag or by digest where that was said in this session. The same for every version. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PullCommand } from "../../ipc";
import { settingsQuery } from "../../ipc/queries/settings";
import { createPersistedStore } from "../../shared/persisted";
import { createStore } from "../../shared/store";

export interface PullChoice {
  /** Of the tools' short names; null: the first that fits. */
  tool: string | null;
  byDigest: boolean;
}

const tool = createPersistedStore("berth.pullTool");
const said = createStore<boolean | null>(null);

export const pullWith = tool.put;

/** Null goes back to what the settings say. */
export const pullByDigest = said.put;

export function usePullChoice(): PullChoice {
  const preferred = useQuery(settingsQuery).data?.pullByDigest ?? true;
  const chosen = tool.use();
  const byDigest = said.use() ?? preferred;
  return useMemo(() => ({ tool: chosen, byDigest }), [chosen, byDigest]);
}

/** The command of the chosen tool, or of the first one that fits. */
export function chosenCommand(commands: readonly PullCommand[], { tool }: PullChoice): PullCommand | undefined {
  return commands.find((candidate) => candidate.tool === tool) ?? commands[0];
}
