/** The parts that every section of the settings is made of. */
import { NumberInput, Switch } from "@mantine/core";
import { type ReactNode, useEffect, useId, useState } from "react";
import classes from "./Settings.module.css";

export function Section({ title, hint, side, children }: { title: string; hint?: ReactNode; side?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h2>
        <span id={id}>{title}</span>
        {hint ? <span className={classes.about}>{hint}</span> : null}
        {side ? <span className={classes.side}>{side}</span> : null}
      </h2>
      {children}
    </section>
  );
}

export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.row}>
      <span className={classes.label}>{label}</span>
      <div className={classes.value}>{children}</div>
    </div>
  );
}

interface NumberFieldProps {
  label: string;
  value: number;
  least: number;
  most: number;
  suffix?: string;
  width?: number;
  onCommit: (value: number) => void;
}

/** Saved when it is left or Enter is pressed, so that half-typed numbers are never saved. */
export function NumberField({ label, value, least, most, suffix, width = 62, onCommit }: NumberFieldProps) {
  const [typed, setTyped] = useState<number | string>(value);
  useEffect(() => setTyped(value), [value]);
  const commit = () => {
    const number = typeof typed === "number" ? typed : Number.parseFloat(typed);
    const next = Number.isNaN(number) ? value : Math.min(most, Math.max(least, number));
    setTyped(next);
    if (next !== value) onCommit(next);
  };
  return (
    <NumberInput
      aria-label={label}
      value={typed}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
      suffix={suffix}
      w={width}
      classNames={{ input: classes.right }}
    />
  );
}

export function Toggle({ label, value, onChange }: { label: ReactNode; value: boolean; onChange: (value: boolean) => void }) {
  return <Switch label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />;
}
