/** What a channel asks for before a version may move there: as words, and as a form has it. */
import type { ChannelRequirement } from "../../ipc";

/** The same in a form: each kind at most once, bounds as many as one likes. */
export interface Asked {
  signature: boolean;
  /** A PEM text; null: any signature will do. */
  publicKey: string | null;
  sbom: boolean;
  bounds: string[];
  confirmation: boolean;
}

/** A metric, one of the signs, a number. */
const bound = /^[^=!<>]*[^=!<>\s][^=!<>]*(=|==|!=|<=|>=|<|>)\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export function isBound(typed: string): boolean {
  return bound.test(typed.trim());
}

export function askedOf(requires: readonly ChannelRequirement[]): Asked {
  const signature = requires.find((one) => one.kind === "signature");
  return {
    signature: signature !== undefined,
    publicKey: signature?.publicKey ?? null,
    sbom: requires.some((one) => one.kind === "sbom"),
    bounds: requires.flatMap((one) => (one.kind === "metric" ? [one.bound] : [])),
    confirmation: requires.some((one) => one.kind === "confirmation"),
  };
}

export function requirementsOf(asked: Asked): ChannelRequirement[] {
  const requires: ChannelRequirement[] = [];
  if (asked.signature) requires.push({ kind: "signature", publicKey: asked.publicKey });
  if (asked.sbom) requires.push({ kind: "sbom" });
  for (const bound of asked.bounds) requires.push({ kind: "metric", bound });
  if (asked.confirmation) requires.push({ kind: "confirmation" });
  return requires;
}

/** "a signature, accuracy >= 0.93", or "nothing". */
export function wordsOf(requires: readonly ChannelRequirement[]): string {
  const words = requires.map((one) => {
    if (one.kind === "signature") return one.publicKey === null ? "a signature" : "a signature by a key";
    if (one.kind === "sbom") return "an SBOM";
    return one.kind === "metric" ? one.bound : "its name typed";
  });
  return words.length === 0 ? "nothing" : words.join(", ");
}

/** The end of a key's text: what tells two keys apart. */
export function keyEnd(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s|=/g, "").slice(-8);
}
