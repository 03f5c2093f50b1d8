/** A line above what it concerns, with its sign and what can be done about it. */
import type { Icon as TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Banner.module.css";
import { Icon } from "./Icon";

interface BannerProps {
  icon: TablerIcon;
  action: ReactNode;
  children: ReactNode;
}

export function Banner({ icon, action, children }: BannerProps) {
  return (
    <div role="status" className={classes.banner}>
      <Icon of={icon} className={classes.icon} />
      <span className={classes.words}>{children}</span>
      {action}
    </div>
  );
}
