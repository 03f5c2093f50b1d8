/** A field with its label at the left, and an optional line of advice below it. */
import type { ReactNode } from "react";
import classes from "./ConnectionForm.module.css";

interface FormRowProps {
  label: string;
  /** The id of the control that the label belongs to. */
  control?: string;
  children: ReactNode;
  advice?: ReactNode;
}

export function FormRow({ label, control, children, advice }: FormRowProps) {
  return (
    <>
      <div className={classes.row}>
        {control === undefined ? <span>{label}</span> : <label htmlFor={control}>{label}</label>}
        {children}
      </div>
      {advice ? <p className={classes.advice}>{advice}</p> : null}
    </>
  );
}

/** What a control needs to show an error below itself, tied to it for assistive technology. */
export function markedBy(error: string | null) {
  return { error, errorProps: { role: "alert", className: classes.error } };
}
