/** A field for several names: Enter, a comma or what else ends one makes it a chip. */
import { TagsInput } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./NamesInput.module.css";

interface NamesInputProps {
  value: string[];
  onChange: (names: string[]) => void;
  /** Shown while there is none. */
  placeholder: string;
  /** What ends a name besides Enter. */
  splitChars?: string[];
  error?: ReactNode;
  id?: string;
  "aria-label"?: string;
  "data-autofocus"?: boolean;
}

export function NamesInput({ placeholder, ...props }: NamesInputProps) {
  return (
    <TagsInput
      size="xs"
      placeholder={props.value.length === 0 ? placeholder : undefined}
      splitChars={[",", " ", "\n"]}
      acceptValueOnBlur
      // There is nothing to suggest, and an open list would keep Esc to itself.
      dropdownOpened={false}
      classNames={{ input: classes.input, inputField: classes.field, pill: classes.pill }}
      {...props}
    />
  );
}
