/** The words of plans: what goes along, reasons as they stand in a list. Pure. */
import { counted } from "../../../shared/format";
import { capital } from "../running/words";
import type { GoingPart } from "./planModel";

/** `2 platforms, 3 that point at it`, `nothing`. */
export function alongWords(parts: readonly GoingPart[]): string {
  const platforms = parts.filter((part) => part.kind === "part").length;
  const signatures = parts.filter((part) => part.step.tags.some((tag) => tag.endsWith(".sig"))).length;
  const others = parts.length - platforms - signatures;
  const words = [
    platforms > 0 ? counted(platforms, "platform") : null,
    others > 0 ? counted(others, "referrer") : null,
    signatures > 0 ? counted(signatures, "signature") : null,
  ];
  return words.filter((word) => word !== null).join(", ") || "nothing";
}

/** `protected` says it all to a program; people are told of what. */
export function keptWords(reason: string): string {
  return reason === "protected" ? "Protected tag" : capital(reason);
}
