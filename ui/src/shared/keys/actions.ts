/** Every action that has a key: its name for people, its key at first, and where it works. */
export const actions = [
  { id: "palette", label: "Find anything", key: "Ctrl+K", scope: "window" },
  { id: "filterRepositories", label: "Filter repositories", key: "/", scope: "window" },
  { id: "filterTags", label: "Filter tags", key: "Ctrl+F", scope: "window" },
  { id: "copyPullCommand", label: "Copy pull command", key: "Y", scope: "list" },
  { id: "copyDigest", label: "Copy digest", key: "Shift+Y", scope: "list" },
  { id: "delete", label: "Delete…", key: "Del", scope: "list" },
  { id: "prune", label: "Prune…", key: "Shift+Del", scope: "list" },
  { id: "promote", label: "Promote", key: "P", scope: "list" },
  { id: "promoteTo", label: "Promote to…", key: "Shift+P", scope: "list" },
  { id: "copyTo", label: "Copy to…", key: "Shift+C", scope: "list" },
  { id: "compare", label: "Compare", key: "C", scope: "list" },
  { id: "addToComparison", label: "Add to comparison", key: "A", scope: "list" },
  { id: "onlyDifferences", label: "Only differences", key: "D", scope: "list" },
  { id: "channelHistory", label: "History of the channel", key: "H", scope: "list" },
  { id: "chart", label: "Chart", key: "M", scope: "list" },
  { id: "sync", label: "Synchronise", key: "F5", scope: "window" },
  { id: "nextPane", label: "Next pane", key: "F6", scope: "window" },
  { id: "sidebar", label: "Sidebar", key: "Ctrl+B", scope: "window" },
  { id: "detail", label: "Detail", key: "Ctrl+I", scope: "window" },
  { id: "undo", label: "Undo the last change", key: "Ctrl+Z", scope: "window" },
  { id: "journal", label: "Journal", key: "Ctrl+J", scope: "window" },
  { id: "addConnection", label: "Add a connection", key: "Ctrl+N", scope: "window" },
  { id: "back", label: "Back", key: "Alt+Left", scope: "window" },
  { id: "settings", label: "Settings", key: "Ctrl+,", scope: "window" },
  { id: "allKeys", label: "All keys", key: "?", scope: "window" },
] as const satisfies readonly Action[];

export interface Action {
  id: string;
  label: string;
  /** `Ctrl` stands for Cmd on macOS. */
  key: string;
  /** `window`: anywhere but in a text field. `list`: only while a list has the focus. */
  scope: "window" | "list";
}

export type ActionId = (typeof actions)[number]["id"];

/** Keys that cannot be changed, for the list of all keys. */
export const fixedKeys: readonly { label: string; keys: readonly string[] }[] = [
  { label: "Move", keys: ["Up", "Down", "J", "K"] },
  { label: "Close, open a branch", keys: ["Left", "Right"] },
  { label: "Select", keys: ["Space", "Shift+Up", "Shift+Down"] },
  { label: "Open", keys: ["Enter"] },
  { label: "Close, cancel", keys: ["Esc"] },
  { label: "Tabs of the detail", keys: ["1", "…", "6"] },
];

/** The keys now: those at first, with what the person changed. Unknown actions in the settings are kept out. */
export function keysOf(changed: readonly { action: string; key: string }[]): Record<ActionId, string> {
  const keys = Object.fromEntries(actions.map((action) => [action.id, action.key])) as Record<ActionId, string>;
  for (const { action, key } of changed) if (Object.hasOwn(keys, action)) keys[action as ActionId] = key;
  return keys;
}
