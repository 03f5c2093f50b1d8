/** How numbers, sizes, times and digests are written. */
export { formatBytes } from "./bytes";
export { longerDigest, shortDigest } from "./digests";
export { type Format, FormatProvider, useFormat } from "./FormatProvider";
export { counted, formatCount, formatMetric } from "./numbers";
export { paceWords, spanWords } from "./pace";
export {
  dayOf,
  formatAge,
  formatClock,
  formatDay,
  formatFull,
  formatLongDay,
  formatMonths,
  formatRelative,
  formatSeconds,
  momentOf,
} from "./times";

/** What stands where nothing is known. Its reason belongs into a title. */
export const unknown = "—";
