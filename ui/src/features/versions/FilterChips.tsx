/** The filters that are on, each with a way to take it off. */
import type { VersionFilter } from "../../ipc";
import { formatDay } from "../../shared/format";
import { TakeOff } from "../../shared/TakeOff";
import { kindName } from "./kinds";
import classes from "./VersionsTools.module.css";
import type { ViewState } from "./viewState";

interface Chip {
  field: string;
  value: string;
  without: VersionFilter;
}

function chipsOf(filter: VersionFilter): Chip[] {
  const chips: Chip[] = filter.kinds.map((kind) => ({
    field: "kind",
    value: kindName(kind),
    without: { ...filter, kinds: filter.kinds.filter((other) => other !== kind) },
  }));
  if (filter.platform !== null) chips.push({ field: "platform", value: filter.platform, without: { ...filter, platform: null } });
  for (const label of filter.labels)
    chips.push({ field: label.key, value: label.value, without: { ...filter, labels: filter.labels.filter((other) => other !== label) } });
  if (filter.createdAfter !== null)
    chips.push({ field: "from", value: formatDay(filter.createdAfter), without: { ...filter, createdAfter: null } });
  if (filter.createdBefore !== null)
    chips.push({ field: "until", value: formatDay(filter.createdBefore), without: { ...filter, createdBefore: null } });
  return chips;
}

interface FilterChipsProps {
  view: ViewState;
  change: (change: (before: ViewState) => ViewState) => void;
}

export function FilterChips({ view, change }: FilterChipsProps) {
  return (
    <span className={classes.chips}>
      {chipsOf(view.filter).map((chip) => (
        <span key={`${chip.field} ${chip.value}`} className={classes.chip}>
          <span className={classes.field}>{chip.field}</span>
          <span>{chip.value}</span>
          <TakeOff
            label={`Take off ${chip.field} ${chip.value}`}
            onClick={() => change((before) => ({ ...before, filter: chip.without }))}
          />
        </span>
      ))}
    </span>
  );
}
