/** Numbers: thousands with U+202F, a real minus sign, and the measured value as it was written. */
const narrowSpace = "\u202F";

/** `1 214`, with U+202F. */
export function formatCount(value: number): string {
  const sign = value < 0 ? "\u2212" : "";
  return sign + String(Math.abs(Math.trunc(value))).replace(/\B(?=(\d{3})+(?!\d))/g, narrowSpace);
}

/** `1 version`, `21 versions`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** A metric: as many digits as it needs, at least three behind the point for shares below one, at most six significant. */
export function formatMetric(value: number | null): string {
  if (value === null) return "—";
  if (Number.isInteger(value)) return formatCount(value);
  if (Math.abs(value) < 1) return value.toFixed(Math.max(3, Math.min(6, decimals(value)))).replace("-", "\u2212");
  const [whole = "", fraction] = String(Number(value.toPrecision(6))).split(".");
  const text = whole.includes("e") ? whole : `${value < 0 ? "\u2212" : ""}${formatCount(Math.abs(Number(whole)))}`;
  return fraction === undefined ? text : `${text}.${fraction}`;
}

function decimals(value: number): number {
  return (String(value).split(".")[1] ?? "").length;
}
