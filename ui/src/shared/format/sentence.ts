/** What the program says begins small, as messages of programs do; on its own in a pane it is a sentence and begins large. */
export function sentence(text: string): string {
  // The first word only if it is a plain one: names of hosts, repositories and tools keep their letters.
  return /^[a-z]+(?=[\s,;:]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
