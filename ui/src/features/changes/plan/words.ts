/** The words of plans: what goes along, and why something goes, stays or is protected. Pure. */
import type { Along, GoReason, KeepReason, ProtectionReason } from "../../../ipc";
import { counted, formatCount, shortDigest } from "../../../shared/format";

/** `2 platforms, 2 SBOMs, 1 signature`, `nothing`. */
export function alongWords({ platforms, sboms, attestations, signatures, others }: Along): string {
  const words = [
    platforms > 0 ? counted(platforms, "platform") : null,
    sboms > 0 ? counted(sboms, "SBOM") : null,
    attestations > 0 ? counted(attestations, "attestation") : null,
    signatures > 0 ? counted(signatures, "signature") : null,
    others > 0 ? counted(others, "other referrer") : null,
  ];
  return words.filter((word) => word !== null).join(", ") || "nothing";
}

function goWord(reason: GoReason): string {
  switch (reason.kind) {
    case "chosen":
      return "chosen";
    case "untagged":
      return "no tag";
    case "notOfLast":
    case "notOfLastReleases":
      return reason.count === 0 ? "none is kept" : `not in the last ${formatCount(reason.count)}`;
    case "preRelease":
      return "pre-release";
    case "noRelease":
      return "not a release";
    case "matches":
      return `matches ${reason.pattern}`;
    case "age":
      return `${counted(reason.days, "day")} old`;
    case "notPulled":
      return `not pulled for ${counted(reason.days, "day")}`;
  }
}

/** `not in the last 5, 141 days old`. */
export function goWords(reasons: readonly GoReason[]): string {
  return [...new Set(reasons.map(goWord))].join(", ");
}

const times: Readonly<Record<string, string>> = { s: "second", min: "minute", h: "hour", d: "day", w: "week" };

/** `90d` → `90 days`. */
function periodWords(text: string): string {
  const [, count, unit] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  const noun = times[unit ?? ""];
  return count === undefined || noun === undefined ? text : counted(Number(count), noun);
}

/** Why a version stays: the head of its group. */
export function keptWords(reason: KeepReason): string {
  switch (reason.kind) {
    case "protected":
      return "Protected tag";
    case "sameVersion":
      return "Same version as a tag that stays";
    case "keepLast":
      return `Among the last ${formatCount(reason.count)}`;
    case "tie":
      return `As old as one of the last ${formatCount(reason.count)}`;
    case "keepLastReleases":
      return `Among the last ${counted(reason.count, "release")}`;
    case "pattern":
      return `Matches ${reason.pattern}`;
    case "release":
      return "A release";
    case "younger":
      return `Younger than ${periodWords(reason.than)}`;
    case "pulledLately":
      return `Pulled in the last ${periodWords(reason.within)}`;
    case "unknownAge":
      return "Age unknown";
    case "unknownPull":
      return "Last pull unknown";
    case "noRule":
      return "No rule lets it go";
    case "unreadable":
      return "Repository not read in full";
    case "cannotGoAlone":
      return "Cannot be deleted alone here";
    case "belongsTo":
      return "Belongs to a version that stays";
    case "deletesOff":
      return "Deletes are off here";
    case "noSafeWay":
      return "No safe way to delete it here";
  }
}

/** What is special about one tag of a group. */
export function tagWords(reason: KeepReason): string {
  if (reason.kind === "sameVersion") return `same version as ${reason.tag}`;
  return reason.kind === "belongsTo" ? `belongs to ${shortDigest(reason.digest)}` : keptWords(reason);
}

export function guardWords(kind: ProtectionReason["kind"]): string {
  switch (kind) {
    case "childOf":
      return "Child of an index that stays";
    case "referrerOf":
      return "Points at a version that stays";
    case "taggedAs":
      return "Carries a tag that stays";
    case "age":
      return "Too young, or of unknown age";
  }
}

export function guardedBy(reason: ProtectionReason): string {
  switch (reason.kind) {
    case "childOf":
      return `part of ${shortDigest(reason.digest)}`;
    case "referrerOf":
      return `belongs to ${shortDigest(reason.digest)}`;
    case "taggedAs":
      return `tagged ${reason.tag}`;
    case "age":
      return "too young, or of unknown age";
  }
}
