/** A drawn checkbox: its row says whether it is selected, so this is only the picture of that. */
import classes from "./CheckBox.module.css";

export function CheckBox({ state }: { state: "on" | "off" | "some" }) {
  return (
    <span aria-hidden className={classes.box} data-state={state}>
      {state === "off" ? null : (
        <svg viewBox="0 0 24 24" aria-hidden>
          <path d={state === "on" ? "m5 12.5 4.5 4.5L19 7.5" : "M6 12h12"} />
        </svg>
      )}
    </span>
  );
}
