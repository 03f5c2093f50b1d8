/** Keys as text: `Ctrl+Shift+K`, `F5`, `?`. Ctrl stands for Cmd on macOS. */
const named: Record<string, string> = {
  ArrowUp: "Up",
  ArrowDown: "Down",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  Escape: "Esc",
  Delete: "Del",
  " ": "Space",
};
const modifiers = new Set(["Control", "Shift", "Alt", "Meta"]);

export const isMac = typeof navigator !== "undefined" && /mac/i.test(navigator.platform);

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** What was pressed, as text; null while only modifiers are down. A sign that needs Shift (`?`) is written without it. */
export function combinationOf(event: Pressed, mac = isMac): string | null {
  if (modifiers.has(event.key)) return null;
  const key = named[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const isSign = event.key.length === 1 && event.key !== " " && event.key.toUpperCase() === event.key.toLowerCase();
  const parts: string[] = [];
  if (mac ? event.metaKey : event.ctrlKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && !isSign) parts.push("Shift");
  parts.push(key);
  return parts.join("+");
}

/** For people: `⌘K` on macOS, unchanged elsewhere. */
export function displayCombination(combination: string, mac = isMac): string {
  if (!mac) return combination;
  const signs: Record<string, string> = { Ctrl: "⌘", Shift: "⇧", Alt: "⌥" };
  return combination
    .split("+")
    .map((part) => signs[part] ?? part)
    .join("");
}

/** True for a key without Ctrl or Alt that a person may want to type. */
export function isTyping(combination: string): boolean {
  return !/^(Ctrl|Alt)\+/.test(combination) && !/^F\d+$/.test(combination);
}
