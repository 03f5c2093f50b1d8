export function answer(_wanted: string, command: string, _payload: unknown): unknown {
  throw new Error(`unknown command ${command}`);
}
