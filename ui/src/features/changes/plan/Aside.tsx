/** What a plan is made by, beside it. Locked while the plan runs: then it can only be read, and scrolled. */
import type { ReactNode, Ref } from "react";
import classes from "./PlanPage.module.css";

interface AsideProps {
  label: string;
  locked: boolean;
  ref?: Ref<HTMLFieldSetElement>;
  children: ReactNode;
}

export function Aside({ label, locked, ref, children }: AsideProps) {
  return (
    <section className={classes.aside} aria-label={label} data-pane tabIndex={locked ? 0 : undefined}>
      <fieldset ref={ref} className={classes.choices} disabled={locked}>
        {children}
      </fieldset>
    </section>
  );
}
