/** The bar above the table: filter, platform, metric, counts, chart and columns. */
import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconChartLine, IconFilter2, IconFilterPlus, IconPlus } from "@tabler/icons-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { VersionsPage } from "../../ipc";
import { Choice } from "../../shared/Choice";
import { counted, formatCount, useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { IconButton } from "../../shared/IconButton";
import { useAction, useKeyName } from "../../shared/keys";
import { ColumnChooser } from "./ColumnChooser";
import { FilterChips } from "./FilterChips";
import { FilterPopover } from "./FilterPopover";
import type { VersionColumns } from "./useVersionColumns";
import classes from "./VersionsTools.module.css";
import { chipCount, isFiltered, type ViewState } from "./viewState";

interface VersionsToolsProps {
  view: ViewState;
  change: (change: (before: ViewState) => ViewState) => void;
  summary: VersionsPage | undefined;
  columns: VersionColumns;
  field: RefObject<HTMLInputElement | null>;
  onLeave: () => void;
  onSearchEverywhere: (text: string) => void;
}

const allPlatforms = "all platforms";
const noMetric = "none";

export function VersionsTools(props: VersionsToolsProps) {
  const { view, change, summary, columns } = props;
  const chips = chipCount(view.filter);
  const chartKey = useKeyName("chart");
  const mayChart = (summary?.totalVersions ?? 0) >= 3;
  const toggleChart = () => change((before) => ({ ...before, chart: !before.chart }));
  useAction("chart", toggleChart, mayChart);
  return (
    <div className={classes.tools} role="toolbar" aria-label="Versions">
      <TagFilter {...props} narrow={chips > 0} />
      {chips > 0 ? <FilterChips view={view} change={change} /> : <Choices view={view} change={change} summary={summary} />}
      <FilterPopover view={view} change={change} summary={summary} icon={chips > 0 ? IconPlus : IconFilterPlus} wide={chips > 0} />
      <span className={classes.grow} />
      <Counts summary={summary} view={view} />
      {mayChart ? (
        <IconButton small icon={IconChartLine} label="Chart" hotkey={chartKey} pressed={view.chart} onClick={toggleChart} />
      ) : null}
      <ColumnChooser view={view} change={change} columns={columns.all} />
    </div>
  );
}

function TagFilter({ view, change, summary, field, narrow, onLeave, onSearchEverywhere }: VersionsToolsProps & { narrow: boolean }) {
  const [value, setValue] = useState(view.filter.text);
  // What was typed comes back a little later; only a text from elsewhere is put into the field.
  const sent = useRef(view.filter.text);
  useEffect(() => {
    if (view.filter.text !== sent.current) setValue(view.filter.text);
    sent.current = view.filter.text;
  }, [view.filter.text]);
  const apply = useDebouncedCallback((text: string) => {
    sent.current = text;
    change((before) => ({ ...before, filter: { ...before.filter, text } }));
  }, 80);
  useAction("filterTags", () => field.current?.select());
  const set = (text: string) => {
    setValue(text);
    apply(text);
  };
  return (
    <TextInput
      ref={field}
      size="xs"
      className={classes.filter}
      data-narrow={narrow || undefined}
      aria-label="Filter tags"
      placeholder="Filter tags"
      leftSection={<Icon of={IconFilter2} size="small" />}
      leftSectionWidth={26}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && value !== "") set("");
        else if (event.key === "Escape" || event.key === "ArrowDown") onLeave();
        else if (event.key === "Enter" && summary?.total === 0) onSearchEverywhere(value);
        else if (event.key === "Enter") onLeave();
      }}
    />
  );
}

function Choices({ view, change, summary }: Pick<VersionsToolsProps, "view" | "change" | "summary">) {
  const platforms = summary?.platforms ?? [];
  const metrics = summary?.metricNames ?? [];
  const [metric = noMetric] = view.metrics ?? [];
  const options = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }));
  return (
    <>
      {platforms.length > 1 ? (
        <Choice
          name="Platform"
          value={view.platform ?? allPlatforms}
          options={options([...platforms, allPlatforms])}
          onChange={(platform) => change((before) => ({ ...before, platform: platform === allPlatforms ? null : platform }))}
        />
      ) : null}
      {metrics.length > 0 ? (
        <Choice
          name="Metric"
          prefix="Metric: "
          value={metric}
          options={options([...metrics, noMetric])}
          onChange={(name) =>
            change((before) => ({
              ...before,
              metrics: name === noMetric ? [] : [name, ...(before.metrics ?? []).slice(1).filter((other) => other !== name)],
            }))
          }
        />
      ) : null}
    </>
  );
}

function Counts({ summary, view }: { summary: VersionsPage | undefined; view: ViewState }) {
  const format = useFormat();
  if (summary === undefined) return null;
  if (isFiltered(view.filter)) {
    return (
      <span className={classes.counts} data-filtered>
        {formatCount(summary.total)} of {counted(summary.totalVersions, "version")}
      </span>
    );
  }
  if (summary.totalVersions === 0) return null;
  const parts = [counted(summary.totalVersions, "version"), counted(summary.tags, "tag")];
  if (summary.storedBytes !== null) parts.push(`${format.bytes(summary.storedBytes)} stored`);
  const wouldBe = summary.wouldBeBytes === null ? "" : `. Would be ${format.bytes(summary.wouldBeBytes)} without shared layers`;
  // Each part that does not fit falls into a second line, which is not seen.
  return (
    <span className={classes.counts} title={`${parts.join(", ")}${wouldBe}`}>
      {parts.map((part, position) => (
        <span key={position}>{position === 0 ? part : `,\u00A0${part}`}</span>
      ))}
    </span>
  );
}
