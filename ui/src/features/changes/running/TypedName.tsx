/** The name that a person types before a change is made. */
import { TextInput } from "@mantine/core";
import classes from "./TypedName.module.css";

interface TypedNameProps {
  name: string;
  value: string;
  onChange: (value: string) => void;
  className?: string | undefined;
}

export function TypedName({ name, value, onChange, className = "" }: TypedNameProps) {
  return (
    <TextInput
      classNames={{ root: className, label: classes.label }}
      label={
        <>
          Type <b className={classes.name}>{name}</b> to go on
        </>
      }
      aria-label={`Type ${name} to go on`}
      title={`Type ${name} to go on`}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
