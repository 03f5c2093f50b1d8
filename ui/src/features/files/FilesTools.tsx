/** The tools above the files: filter, merged or by layer, whiteouts; and what is shown in sum. */
import { Kbd, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useRef } from "react";
import type { FilesOptions } from "../../ipc";
import { Icon } from "../../shared/Icon";
import { useAction, useKeyName } from "../../shared/keys";
import text from "../../shared/text.module.css";
import classes from "./FilesView.module.css";

interface FilesToolsProps {
  options: FilesOptions;
  sum: string;
  onChange: (changed: Partial<FilesOptions>) => void;
}

export function FilesTools({ options, sum, onChange }: FilesToolsProps) {
  const filter = useRef<HTMLInputElement>(null);
  const filterKey = useKeyName("filterTags");
  useAction("filterTags", () => filter.current?.select());
  return (
    <div className={classes.tools}>
      <TextInput
        ref={filter}
        size="xs"
        className={classes.filter}
        aria-label="Filter files"
        placeholder="Name or *.pattern"
        leftSection={<Icon of={IconFilter} size="small" />}
        rightSection={<Kbd>{filterKey}</Kbd>}
        rightSectionWidth={52}
        rightSectionPointerEvents="none"
        value={options.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || options.text === "") return;
          event.preventDefault();
          event.stopPropagation();
          onChange({ text: "" });
        }}
      />
      <SegmentedControl
        aria-label="View"
        data={[
          { value: "merged", label: "Merged" },
          { value: "layers", label: "By layer" },
        ]}
        value={options.byLayer ? "layers" : "merged"}
        onChange={(value) => onChange({ byLayer: value === "layers" })}
      />
      <Switch
        label="Whiteouts"
        checked={options.whiteouts || options.onlyHidden}
        disabled={options.onlyHidden}
        onChange={(event) => onChange({ whiteouts: event.currentTarget.checked })}
      />
      <span className={text.grow} />
      <span className={classes.sum} role="status">
        {sum}
      </span>
    </div>
  );
}
