/** The window. */
export function Window() {
  return null;
}
