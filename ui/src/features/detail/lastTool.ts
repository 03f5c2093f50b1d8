/** The tool whose command was asked for last, kept in the window's own store. */
const place = "berth.pullTool";

export function lastTool(): string | null {
  try {
    return window.localStorage.getItem(place);
  } catch {
    return null;
  }
}

export function rememberTool(tool: string): void {
  try {
    window.localStorage.setItem(place, tool);
  } catch {
    // Without a store the choice lasts as long as the window.
  }
}
