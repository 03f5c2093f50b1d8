/** Problems as the program reports them. Anything else that may be thrown is turned into one, so that no text is lost. */
import type { Problem } from "./bindings";

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "message" in value && typeof value.message === "string";
}

/** The problem in a rejection. An unknown rejection keeps its text under the code `other`. */
export function toProblem(error: unknown): Problem {
  if (isProblem(error)) return error;
  const message = error instanceof Error ? error.message : typeof error === "string" ? error : "Something unexpected happened";
  return { code: "other", message, hint: null, retryable: false };
}

export function cancelledProblem(): Problem {
  return { code: "cancelled", message: "Cancelled", hint: null, retryable: true };
}

/** Cancelled is not an error: nobody is told about it. */
export function isCancelled(error: unknown): boolean {
  return isProblem(error) && error.code === "cancelled";
}
