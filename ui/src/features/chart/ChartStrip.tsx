/** The chart above the table: one metric, or the size, of the versions that the filters let through. */
import { SegmentedControl } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type SeriesPoint, toProblem, type VersionsQuery } from "../../ipc";
import { seriesQuery } from "../../ipc/queries/versions";
import { Choice } from "../../shared/Choice";
import { formatMetric, useFormat } from "../../shared/format";
import { IconButton } from "../../shared/IconButton";
import { useKeyName } from "../../shared/keys";
import { SeriesChart } from "./SeriesChart";
import classes from "./SeriesChart.module.css";
import { tickTexts } from "./scale";

interface ChartStripProps {
  query: VersionsQuery;
  metricNames: readonly string[];
  /** The metric that the table shows; the chart begins with it. */
  preferred: string | undefined;
  axis: "version" | "time";
  onAxis: (axis: "version" | "time") => void;
  selected: ReadonlySet<string>;
  onClose: () => void;
}

const leastKnown = 3;

export function ChartStrip({ query, metricNames, preferred, axis, onAxis, selected, onClose }: ChartStripProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const metric = chosen ?? preferred ?? metricNames[0] ?? "size";
  // The order and the columns of the table do not matter here, so that sorting asks nothing anew.
  const asked = useMemo<VersionsQuery>(() => ({ ...query, sort: "version", descending: true, metrics: [] }), [query]);
  const answer = useQuery(seriesQuery(asked, metric));
  const { bytes } = useFormat();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const key = useKeyName("chart");
  const points = answer.data ?? [];
  const known = points.filter((point) => point.value !== null).length;
  const write = metric === "size" ? bytes : formatMetric;
  return (
    <section className={classes.strip} aria-label={`${metric} by ${axis}`}>
      <div className={classes.head}>
        <Choice
          name="Chart"
          variant="subtle"
          value={metric}
          options={[...metricNames, "size"].map((name) => ({ value: name, label: name }))}
          onChange={setChosen}
        />
        <span className={classes.hint}>
          {axis === "version" ? "by version, oldest left" : "by time of creation"}; small rings: candidates
        </span>
        <span className={classes.grow} />
        <SegmentedControl
          aria-label="Axis"
          data={[
            { value: "version", label: "Version" },
            { value: "time", label: "Time" },
          ]}
          value={axis}
          onChange={(value) => onAxis(value === "time" ? "time" : "version")}
        />
        <IconButton small icon={IconX} label="Close the chart" hotkey={key} onClick={onClose} />
      </div>
      <div ref={ref}>
        {answer.error ? (
          <p className={classes.empty}>{toProblem(answer.error).message}</p>
        ) : answer.data !== undefined && known < leastKnown ? (
          <p className={classes.empty}>Fewer than three versions tell their {metric}.</p>
        ) : (
          <SeriesChart
            points={points}
            axis={axis}
            width={width || 726}
            selected={selected}
            write={write}
            writeTicks={metric === "size" ? (ticks) => ticks.map(bytes) : tickTexts}
            label={sentence(points, metric, write)}
          />
        )}
      </div>
    </section>
  );
}

/** What the line says, for those who cannot see it. */
function sentence(points: readonly SeriesPoint[], metric: string, write: (value: number) => string): string {
  const known = points.filter((point) => point.value !== null);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return `${metric} is not known`;
  const from = first.value ?? 0;
  const to = last.value ?? 0;
  const course = to > from ? "rises" : to < from ? "falls" : "stays";
  const missing = points.length - known.length;
  return `${metric} ${course} from ${write(from)} in ${first.name} to ${write(to)} in ${last.name}${missing > 0 ? `; unknown for ${missing}` : ""}`;
}
