/** Saves a change at once. What is on screen changes with it and goes back if it could not be saved. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Problem, type Settings, toProblem, updateSettings } from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import { settingsKeys } from "../../ipc/queries/settings";

export type Save = (part: Partial<Settings>) => void;

interface Change {
  /** As they were on screen: only what differs is saved, so that nobody else's change is undone. */
  seen: Settings;
  wanted: Settings;
}

export function useSaveSettings(settings: Settings): { save: Save; problem: Problem | null } {
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: ({ seen, wanted }: Change) => updateSettings(seen, wanted),
    onMutate: async ({ wanted }) => {
      // What is being read now is already old.
      await client.cancelQueries({ queryKey: settingsKeys.values });
      client.setQueryData(settingsKeys.values, wanted);
    },
    onSuccess: (saved, { seen, wanted }) => {
      client.setQueryData(settingsKeys.values, saved);
      // Channels and protected tags change how rows look and are counted.
      if (wanted.channels !== seen.channels || wanted.protectedTags !== seen.protectedTags)
        void client.invalidateQueries({ queryKey: indexRoot });
    },
    onError: (_, { seen }) => client.setQueryData(settingsKeys.values, seen),
  });
  return {
    save: (part) => saving.mutate({ seen: settings, wanted: { ...settings, ...part } }),
    problem: saving.error === null ? null : toProblem(saving.error),
  };
}
