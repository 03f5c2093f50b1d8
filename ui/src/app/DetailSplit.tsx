/** The versions and the pane beside them. In a narrow window the pane floats over the table instead. */
import { Splitter } from "@mantine/core";
import { type ReactNode, useState } from "react";
import classes from "./DetailSplit.module.css";
import { detailWidths, paneWidth, type useDetailPane } from "./layout";

interface DetailSplitProps {
  children: ReactNode;
  /** null: there is nothing to show beside. */
  pane: ReactNode | null;
  layout: ReturnType<typeof useDetailPane>;
}

export function DetailSplit({ children, pane, layout }: DetailSplitProps) {
  const [width, setWidth] = useState(layout.width);
  const open = pane !== null && layout.open;
  const beside = open && !layout.floats;
  const limits = beside ? detailWidths : { initial: 1, least: 0, most: 0 };
  return (
    <div className={classes.whole}>
      <Splitter
        className={classes.split}
        classNames={{ handle: classes.handle, pane: classes.pane }}
        data-closed={!beside || undefined}
        withHandle={false}
        lineSize={1}
        step="10px"
        sizes={[100, beside ? `${width - 1}px` : "0px"]}
        onSizeChange={(sizes) => setWidth(paneWidth(sizes[1], detailWidths))}
        onResizeEnd={(_, sizes) => layout.setWidth(paneWidth(sizes[1], detailWidths))}
      >
        <Splitter.Pane defaultSize={100}>{children}</Splitter.Pane>
        <Splitter.Pane defaultSize={`${limits.initial - 1}px`} min={`${limits.least}px`} max={`${limits.most}px`}>
          {beside ? (
            <div className={classes.detail} data-pane>
              {pane}
            </div>
          ) : null}
        </Splitter.Pane>
      </Splitter>
      {open && layout.floats ? (
        <div className={classes.float} data-pane>
          {pane}
        </div>
      ) : null}
    </div>
  );
}
