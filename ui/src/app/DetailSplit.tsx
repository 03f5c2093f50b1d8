/** The versions and the pane beside them. In a narrow window the pane floats over the table instead. */
import type { ReactNode } from "react";
import classes from "./DetailSplit.module.css";
import { detailWidths, type useDetailPane } from "./layout";
import { SideSplit } from "./SideSplit";

interface DetailSplitProps {
  children: ReactNode;
  /** null: there is nothing to show beside. */
  pane: ReactNode | null;
  layout: ReturnType<typeof useDetailPane>;
}

export function DetailSplit({ children, pane, layout }: DetailSplitProps) {
  const open = pane !== null && layout.open;
  const beside = (
    <div className={classes.detail} data-pane>
      {pane}
    </div>
  );
  return (
    <div className={classes.whole}>
      <SideSplit side="right" pane={open && !layout.floats ? beside : null} layout={layout} widths={detailWidths}>
        {children}
      </SideSplit>
      {open && layout.floats ? (
        <div className={classes.float} data-pane>
          {pane}
        </div>
      ) : null}
    </div>
  );
}
