/** Query keys of the settings and of what the settings page counts. */
import { queryOptions } from "@tanstack/react-query";
import * as ipc from "..";
import { indexRoot, settingsRoot } from "./keys";

export const settingsKeys = {
  all: settingsRoot,
  values: [...settingsRoot, "values"] as const,
  keychain: [...settingsRoot, "keychain"] as const,
};

export const settingsQuery = queryOptions({ queryKey: settingsKeys.values, queryFn: () => ipc.settings() });
/** What the files of authorities hold; asked again for other files. */
export const trustedFilesQuery = (files: readonly string[]) =>
  queryOptions({ queryKey: [...settingsRoot, "trusted", files] as const, queryFn: () => ipc.trustedFiles() });
export const keychainQuery = queryOptions({ queryKey: settingsKeys.keychain, queryFn: () => ipc.keychainState() });
export const statisticsQuery = queryOptions({ queryKey: [...indexRoot, "statistics"] as const, queryFn: () => ipc.indexStatistics() });
export const protectedQuery = queryOptions({ queryKey: [...indexRoot, "protected"] as const, queryFn: () => ipc.protectedCount() });
