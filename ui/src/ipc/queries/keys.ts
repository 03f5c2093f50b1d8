/**
 * Roots of the query keys. Everything under `index` was read from the index and is refetched when the index changes (by
 * this window or by berthctl); everything under `settings` when the settings file does.
 */
export const indexRoot = ["index"] as const;
export const settingsRoot = ["settings"] as const;
