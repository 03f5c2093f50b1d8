/** Saves a change at once. What is on screen changes with it and goes back if it could not be saved. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Problem, type Settings, toProblem, updateSettings } from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import { settingsKeys } from "../../ipc/queries/settings";

export type Save = (part: Partial<Settings>) => void;

export function useSaveSettings(settings: Settings): { save: Save; problem: Problem | null } {
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: (next: Settings) => updateSettings(next),
    onMutate: async (next) => {
      // What is being read now is already old.
      await client.cancelQueries({ queryKey: settingsKeys.values });
      client.setQueryData(settingsKeys.values, next);
      return settings;
    },
    onSuccess: (saved, next, before) => {
      client.setQueryData(settingsKeys.values, saved);
      // Channels and protected tags change how rows look and are counted.
      if (next.channels !== before.channels || next.protectedTags !== before.protectedTags)
        void client.invalidateQueries({ queryKey: indexRoot });
    },
    onError: (_, __, before) => before && client.setQueryData(settingsKeys.values, before),
  });
  return { save: (part) => saving.mutate({ ...settings, ...part }), problem: saving.error === null ? null : toProblem(saving.error) };
}
