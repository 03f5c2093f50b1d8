/** A page of a version: its content, and a pane at the right. */
import type { ReactNode } from "react";
import classes from "./PageColumns.module.css";

interface PageColumnsProps {
  /** What the pane is called. */
  label: string;
  side: ReactNode;
  /** What stands below the pane and does not scroll with it. */
  foot?: ReactNode;
  children: ReactNode;
}

export function PageColumns({ label, side, foot, children }: PageColumnsProps) {
  return (
    <div className={classes.columns}>
      {children}
      <aside className={classes.side} aria-label={label}>
        <div className={classes.scroll}>{side}</div>
        {foot}
      </aside>
    </div>
  );
}
