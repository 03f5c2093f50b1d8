/** Which of the files that differ are shown: those whose path holds a text. */
import { Kbd, TextInput } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import type { Ref } from "react";
import { formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useKeyName } from "../../shared/keys";
import text from "../../shared/text.module.css";
import classes from "./Contents.module.css";

interface FilesFilterProps {
  field: Ref<HTMLInputElement>;
  value: string;
  /** Files that match, of how many. */
  matching: number;
  total: number;
  onChange: (value: string) => void;
}

export function FilesFilter({ field, value, matching, total, onChange }: FilesFilterProps) {
  const key = useKeyName("filterTags");
  return (
    <>
      <TextInput
        ref={field}
        size="xs"
        className={classes.filter}
        aria-label="Filter files"
        placeholder="Part of a path"
        leftSection={<Icon of={IconFilter} size="small" />}
        rightSection={<Kbd>{key}</Kbd>}
        rightSectionWidth={52}
        rightSectionPointerEvents="none"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.preventDefault();
          event.stopPropagation();
          onChange("");
        }}
      />
      <span role="status" className={text.dim}>
        {value.trim() === "" ? "" : `${matching === 0 ? "none" : formatCount(matching)} of ${formatCount(total)} shown`}
      </span>
    </>
  );
}
