/** Operations that take their time and can be cancelled, and the shape of what the double rejects with. */
import type { Problem } from "../bindings";

const cancelled = new Set<string>();

export function problem(code: Problem["code"], message: string, hint: string | null = null): Problem {
  return { code, message, hint, retryable: true };
}

export function cancelOperation(operation: string): void {
  cancelled.add(operation);
}

export function isCancelled(operation: string): boolean {
  return cancelled.has(operation);
}

export async function wait(milliseconds: number, operation: string): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    if (cancelled.has(operation)) throw problem("cancelled", "Cancelled");
    await new Promise((done) => setTimeout(done, 50));
  }
}
