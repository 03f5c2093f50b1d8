/** A metric or the size over the versions: releases on the line, candidates as small rings off it, unknown as a dash on the base. */
import { useMemo } from "react";
import type { SeriesPoint } from "../../ipc";
import classes from "./SeriesChart.module.css";
import { labelStep, namesBelow, places, type Scale, scaleOf, shortName } from "./scale";

const height = 104;
const area = { left: 44, right: 10, top: 22, bottom: 75 };
const labelWidth = 42;
/** With more points than this only the line, the channels and the chosen versions are drawn. */
const mostMarks = 160;

interface SeriesChartProps {
  points: readonly SeriesPoint[];
  axis: "version" | "time";
  width: number;
  selected: ReadonlySet<string>;
  write: (value: number) => string;
  /** What stands beside the lines of the scale. */
  writeTicks: (ticks: readonly number[]) => string[];
  label: string;
}

interface Placed {
  point: SeriesPoint;
  x: number;
  y: number | null;
}

export function SeriesChart({ points, axis, width, selected, write, writeTicks, label }: SeriesChartProps) {
  const scale = useMemo(() => scaleOf(points.flatMap((point) => (point.value === null ? [] : [point.value]))), [points]);
  const placed = useMemo(() => placePoints(points, axis, width, scale), [points, axis, width, scale]);
  if (scale === null) return null;
  const releases = placed.filter((one) => one.point.release && one.y !== null);
  const line = releases.map((one, position) => `${position === 0 ? "M" : "L"}${one.x.toFixed(1)} ${(one.y ?? 0).toFixed(1)}`).join("");
  const tickText = writeTicks(scale.ticks);
  const few = placed.length <= mostMarks;
  const below = namedBelow(placed);
  return (
    <svg className={classes.chart} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      {scale.ticks.map((tick, position) => (
        <Tick key={tick} y={yOf(tick, scale)} width={width} text={tickText[position] ?? ""} />
      ))}
      <path className={classes.line} d={line} />
      {placed.map((one) =>
        few || marked(one.point, selected) ? (
          <Mark
            key={one.point.digest}
            placed={one}
            selected={selected.has(one.point.digest)}
            below={below.has(one.point.digest)}
            write={write}
          />
        ) : null,
      )}
      <Labels placed={placed} width={width} selected={selected} />
    </svg>
  );
}

function marked(point: SeriesPoint, selected: ReadonlySet<string>): boolean {
  return selected.has(point.digest) || channelOf(point) !== undefined;
}

function channelOf(point: SeriesPoint) {
  return point.channels.find((tag) => tag.channel === "full" || tag.channel === "half");
}

/** Digests whose channel is named below its mark, because another name stands above. */
function namedBelow(placed: readonly Placed[]): ReadonlySet<string> {
  const named = placed.flatMap(({ point, x, y }) => {
    const channel = channelOf(point);
    return channel === undefined || y === null ? [] : [{ digest: point.digest, x, name: channel.name }];
  });
  const below = namesBelow(named);
  return new Set(named.filter((_, position) => below[position]).map((one) => one.digest));
}

function yOf(value: number, scale: Scale): number {
  return area.bottom - ((value - scale.least) / (scale.most - scale.least)) * (area.bottom - area.top);
}

function placePoints(points: readonly SeriesPoint[], axis: "version" | "time", width: number, scale: Scale | null): Placed[] {
  const inner = width - area.left - area.right - labelWidth / 2;
  return places(points, axis).flatMap((place, position) => {
    const point = points[position];
    if (place === null || point === undefined) return [];
    return [{ point, x: area.left + place * inner, y: point.value === null || scale === null ? null : yOf(point.value, scale) }];
  });
}

function Tick({ y, width, text }: { y: number; width: number; text: string }) {
  return (
    <>
      <path className={classes.grid} d={`M${area.left - 10} ${y}H${width - area.right}`} />
      <text x={area.left - 16} y={y + 3.5} textAnchor="end">
        {text}
      </text>
    </>
  );
}

interface MarkProps {
  placed: Placed;
  selected: boolean;
  below: boolean;
  write: (value: number) => string;
}

function Mark({ placed, selected, below, write }: MarkProps) {
  const { point, x, y } = placed;
  const channel = channelOf(point);
  const hover = <title>{`${point.name}: ${point.value === null ? "unknown" : write(point.value)}`}</title>;
  if (y === null) {
    return (
      <path className={classes.unknown} d={`M${x - 5} ${area.bottom + 3}h10`}>
        {hover}
      </path>
    );
  }
  return (
    <>
      {channel ? (
        <ChannelMark x={x} y={y} half={channel.channel === "half"} name={channel.name} below={below} />
      ) : (
        <circle
          className={selected ? classes.selected : point.release ? classes.release : classes.candidate}
          cx={x}
          cy={y}
          r={selected || point.release ? 4 : 2.5}
        >
          {hover}
        </circle>
      )}
      {channel && selected ? <circle className={classes.ring} cx={x} cy={y} r={7} /> : null}
    </>
  );
}

interface ChannelMarkProps {
  x: number;
  y: number;
  half: boolean;
  name: string;
  below: boolean;
}

function ChannelMark({ x, y, half, name, below }: ChannelMarkProps) {
  return (
    <>
      <circle className={half ? classes.half : classes.full} cx={x} cy={y} r={5} />
      {half ? <path className={classes.halfFill} d={`M${x} ${y - 5}a5 5 0 0 0 0 10z`} /> : null}
      <text x={x} y={below ? y + 18 : y - 10} textAnchor="middle" className={half ? classes.halfName : classes.fullName}>
        {name}
      </text>
    </>
  );
}

function Labels({ placed, width, selected }: { placed: readonly Placed[]; width: number; selected: ReadonlySet<string> }) {
  const step = labelStep(placed.length, width - area.left, labelWidth);
  let lastX = Number.NEGATIVE_INFINITY;
  return placed.map((one, position) => {
    if (position % step !== 0 || one.x - lastX < labelWidth - 6) return null;
    lastX = one.x;
    return (
      <text
        key={one.point.digest}
        x={one.x}
        y={96}
        textAnchor="middle"
        className={selected.has(one.point.digest) ? classes.chosenName : undefined}
      >
        {shortName(one.point.name).slice(0, 8)}
      </text>
    );
  });
}
