/** One quiet sentence where a tab has nothing to show, with the reason. */
import type { ReactNode } from "react";
import classes from "./Tabs.module.css";

export function Nothing({ children }: { children: ReactNode }) {
  return <p className={classes.nothing}>{children}</p>;
}
