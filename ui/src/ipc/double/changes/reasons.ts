/** Why tags stay, as plans of berthctl write it. */
import type { KeepReason } from "../../bindings";

export function textOf(reason: KeepReason): string {
  switch (reason.kind) {
    case "sameVersion":
      return `same version as ${reason.tag}`;
    case "keepLast":
      return `one of the last ${reason.count}`;
    case "keepLastReleases":
      return `one of the last ${reason.count} releases`;
    case "pattern":
      return `matches ${reason.pattern}`;
    case "release":
      return "a release";
    case "younger":
      return "too young";
    case "unknownAge":
      return "age unknown";
    case "unknownPull":
      return "last pull unknown";
    case "noRule":
      return "no rule lets it go";
    case "unreadable":
      return "the repository could not be read in full";
    case "cannotGoAlone":
      return "this registry cannot delete it alone";
    default:
      return reason.kind;
  }
}
