/** A rule with a number: a switch, the number, and what it counts. What is wrong with it stands below. */
import { NumberInput, Switch } from "@mantine/core";
import { useId } from "react";
import classes from "./RulesPane.module.css";
import type { Limit } from "./rules";

interface LimitRowProps {
  label: string;
  unit: string;
  limit: Limit;
  onChange: (limit: Limit) => void;
  error: string | undefined;
  /** It cannot be switched on here. */
  off?: boolean;
}

export function LimitRow({ label, unit, limit, onChange, error, off = false }: LimitRowProps) {
  const problem = useId();
  return (
    <>
      <div className={classes.limit}>
        <Switch
          label={label}
          aria-label={`${label} … ${unit}`}
          checked={limit.on}
          disabled={off}
          onChange={(event) => onChange({ ...limit, on: event.currentTarget.checked })}
        />
        <NumberInput
          aria-label={`${label}: ${unit}`}
          aria-describedby={error === undefined ? undefined : problem}
          error={error !== undefined}
          disabled={off}
          allowNegative={false}
          allowDecimal={false}
          max={1_000_000}
          value={limit.count ?? ""}
          classNames={{ input: classes.number }}
          // Who types a number wants the rule.
          onChange={(value) => onChange({ ...limit, on: true, count: typeof value === "number" ? value : null })}
        />
        <span className={classes.unit}>{unit}</span>
      </div>
      {error === undefined ? null : (
        <p id={problem} role="alert" className={classes.wrong}>
          {error}
        </p>
      )}
    </>
  );
}
