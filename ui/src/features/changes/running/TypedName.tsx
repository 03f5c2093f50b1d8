/** The name that a person types before a change is made. */
import { TextInput } from "@mantine/core";
import classes from "./PlanDialog.module.css";

interface TypedNameProps {
  name: string;
  value: string;
  onChange: (value: string) => void;
}

export function TypedName({ name, value, onChange }: TypedNameProps) {
  return (
    <TextInput
      className={classes.typed}
      label={`Type ${name} to go on`}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
