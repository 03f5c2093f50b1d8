/** A field for repositories by name: Enter, a comma or a space ends one. */
import { TagsInput } from "@mantine/core";
import classes from "./RepositoryNames.module.css";

interface RepositoryNamesProps {
  value: string[];
  onChange: (names: string[]) => void;
  id?: string;
  "aria-label"?: string;
  "data-autofocus"?: boolean;
}

export function RepositoryNames(props: RepositoryNamesProps) {
  return (
    <TagsInput
      size="xs"
      placeholder={props.value.length === 0 ? "team/model" : undefined}
      splitChars={[",", " ", "\n"]}
      acceptValueOnBlur
      // There is nothing to suggest, and an open list would keep Esc to itself.
      dropdownOpened={false}
      classNames={{ input: classes.input, inputField: classes.field, pill: classes.pill }}
      {...props}
    />
  );
}
