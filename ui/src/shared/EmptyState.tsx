/** A pane with nothing to show: why, and what one can do about it. */
import type { Icon as TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

interface EmptyStateProps {
  icon: TablerIcon;
  title: string;
  children?: ReactNode;
  /** At most two buttons. */
  actions?: ReactNode;
  /** A last, quiet line. */
  foot?: ReactNode;
}

export function EmptyState({ icon: Shape, title, children, actions, foot }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <Shape size={24} stroke={1.3} aria-hidden className={classes.icon} />
      <h2>{title}</h2>
      {children ? <div className={classes.prose}>{children}</div> : null}
      {actions ? <div className={classes.actions}>{actions}</div> : null}
      {foot ? <div className={classes.foot}>{foot}</div> : null}
    </div>
  );
}
