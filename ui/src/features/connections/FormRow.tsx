/** A field with its label at the left, and below it what is wrong with it, or a line of advice. */
import type { ReactNode } from "react";
import classes from "./ConnectionForm.module.css";

interface FormRowProps {
  label: string;
  /** The id of the control that the label belongs to. */
  control?: string;
  children: ReactNode;
  advice?: ReactNode;
  error?: string | null;
}

export function FormRow({ label, control, children, advice, error = null }: FormRowProps) {
  return (
    <>
      <div className={classes.row}>
        {control === undefined ? <span>{label}</span> : <label htmlFor={control}>{label}</label>}
        {children}
      </div>
      {error === null ? null : (
        <p role="alert" id={control === undefined ? undefined : errorId(control)} className={`${classes.advice} ${classes.error}`}>
          {error}
        </p>
      )}
      {advice ? <p className={classes.advice}>{advice}</p> : null}
    </>
  );
}

function errorId(control: string): string {
  return `${control}-error`;
}

/** What a control needs to be tied to the error below it. */
export function markedBy(error: string | null, control: string) {
  return error === null ? {} : { error: true, "aria-describedby": errorId(control) };
}
