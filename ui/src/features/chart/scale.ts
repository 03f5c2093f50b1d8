/** Scales of the chart. Pure. */
export interface Scale {
  least: number;
  most: number;
  ticks: number[];
}

/** Between two and five round steps around the values. It need not start at 0. */
export function scaleOf(values: readonly number[]): Scale | null {
  if (values.length === 0) return null;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least === most) {
    const margin = Math.abs(least) * 0.1 || 1;
    least -= margin;
    most += margin;
  }
  const step = roundStep((most - least) / 3);
  const from = Math.floor(least / step + 1e-9) * step;
  const ticks: number[] = [];
  for (let tick = from; tick <= most + step * 0.01 && ticks.length < 8; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return { least: Math.min(from, least), most, ticks };
}

/** Plain numbers beside the lines, all with as many digits behind the point as the one that needs most. */
export function tickTexts(ticks: readonly number[]): string[] {
  const digits = ticks.reduce((most, tick) => Math.max(most, (String(tick).split(".")[1] ?? "").length), 0);
  return ticks.map((tick) => tick.toFixed(Math.min(6, digits)).replace("-", "\u2212"));
}

/** 1, 2 or 5 times a power of ten, not smaller than `wanted`. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= wanted * 0.999) ?? 10;
  return factor * power;
}

/** Every how many points a label fits. */
export function labelStep(points: number, width: number, labelWidth: number): number {
  const fitting = Math.max(1, Math.floor(width / labelWidth));
  return Math.max(1, Math.ceil(points / fitting));
}

/** Places along the axis, 0 to 1: evenly by version, or by time of creation (null where it is not known). */
export function places(points: readonly { created: string | null }[], axis: "version" | "time"): (number | null)[] {
  if (axis === "version") return points.map((_, position) => (points.length === 1 ? 0.5 : position / (points.length - 1)));
  const times = points.map((point) => (point.created === null ? null : Date.parse(point.created)));
  const known = times.filter((time) => time !== null);
  const first = known.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = known.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  return times.map((time) => (time === null ? null : last === first ? 0.5 : (time - first) / (last - first)));
}

/** `rc.1` of `1.5.0-rc.1`: beside its release the whole name is not needed. */
export function shortName(name: string): string {
  const dash = name.indexOf("-");
  return dash > 0 && /^v?\d/.test(name) ? name.slice(dash + 1) : name;
}

/** Of names that are centred over their points, from the left: those that would overlap the one before, and stand below their point instead. */
export function namesBelow(names: readonly { x: number; name: string }[], letterWidth = 6.5): boolean[] {
  let end = Number.NEGATIVE_INFINITY;
  return names.map(({ x, name }) => {
    const half = (name.length * letterWidth) / 2;
    if (x - half < end) return true;
    end = x + half;
    return false;
  });
}
