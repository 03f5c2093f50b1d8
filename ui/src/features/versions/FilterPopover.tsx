/** Adds a filter by kind, platform, label or date. What is set stands as a chip beside the field. */
import { Button, Popover, Select, TextInput } from "@mantine/core";
import type { Icon as TablerIcon } from "@tabler/icons-react";
import { useState } from "react";
import type { LabelFilter as LabelFilterOf, VersionFilter, VersionsPage } from "../../ipc";
import { dayOf, momentOf } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { IconButton } from "../../shared/IconButton";
import { kindName } from "./kinds";
import classes from "./VersionsTools.module.css";
import type { ViewState } from "./viewState";

interface FilterPopoverProps {
  view: ViewState;
  change: (change: (before: ViewState) => ViewState) => void;
  summary: VersionsPage | undefined;
  icon: TablerIcon;
  /** With the word beside the icon. */
  wide: boolean;
}

export function FilterPopover({ view, change, summary, icon, wide }: FilterPopoverProps) {
  const [opened, setOpened] = useState(false);
  const put = (part: Partial<VersionFilter>) => change((before) => ({ ...before, filter: { ...before.filter, ...part } }));
  const toggle = () => setOpened(!opened);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus withinPortal>
      <Popover.Target>
        {wide ? (
          <Button size="xs" variant="subtle" className={classes.more} leftSection={<Icon of={icon} size="small" />} onClick={toggle}>
            Filter
          </Button>
        ) : (
          <IconButton small icon={icon} label="Filter by kind, platform, label or date" onClick={toggle} />
        )}
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters">
        <div className={classes.form}>
          <OneOf
            label="Kind"
            value={view.filter.kinds[0] ?? null}
            values={(summary?.kinds ?? []).map((kind) => ({ value: kind, label: kindName(kind) }))}
            onChange={(kind) => put({ kinds: kind === null ? [] : [kind] })}
          />
          <OneOf
            label="Platform"
            value={view.filter.platform}
            values={summary?.platforms ?? []}
            onChange={(platform) => put({ platform })}
          />
          <LabelFilter
            keys={summary?.labelKeys ?? []}
            onAdd={(label) => put({ labels: [...view.filter.labels.filter((other) => !isSame(other, label)), label] })}
          />
          <div className={classes.pair}>
            <DayField
              label="Created from"
              value={view.filter.createdAfter}
              end={false}
              onChange={(createdAfter) => put({ createdAfter })}
            />
            <DayField label="until" value={view.filter.createdBefore} end onChange={(createdBefore) => put({ createdBefore })} />
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function isSame(left: LabelFilterOf, right: LabelFilterOf): boolean {
  return left.key === right.key && left.value === right.value;
}

function OneOf(props: {
  label: string;
  value: string | null;
  values: readonly (string | { value: string; label: string })[];
  onChange: (value: string | null) => void;
}) {
  return (
    <Select
      label={props.label}
      placeholder="any"
      data={[...props.values]}
      value={props.value}
      onChange={props.onChange}
      clearable
      allowDeselect
      comboboxProps={{ withinPortal: false }}
    />
  );
}

function LabelFilter({ keys, onAdd }: { keys: readonly string[]; onAdd: (label: LabelFilterOf) => void }) {
  const [key, setKey] = useState<string | null>(null);
  const [value, setValue] = useState("");
  const add = () => {
    if (key === null || value.trim() === "") return;
    onAdd({ key, value: value.trim() });
    setValue("");
  };
  return (
    <div className={classes.pair}>
      <Select
        label="Label"
        placeholder="any"
        data={[...keys]}
        value={key}
        onChange={setKey}
        searchable
        comboboxProps={{ withinPortal: false }}
      />
      <TextInput
        size="xs"
        label="is"
        value={value}
        disabled={key === null}
        onChange={(event) => setValue(event.currentTarget.value)}
        onBlur={add}
        onKeyDown={(event) => event.key === "Enter" && add()}
      />
    </div>
  );
}

function DayField({
  label,
  value,
  end,
  onChange,
}: {
  label: string;
  value: string | null;
  end: boolean;
  onChange: (iso: string | null) => void;
}) {
  return (
    <TextInput
      size="xs"
      type="date"
      label={label}
      value={value === null ? "" : dayOf(value)}
      onChange={(event) => onChange(momentOf(event.currentTarget.value, end))}
    />
  );
}
