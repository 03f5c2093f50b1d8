/** A view with a pane at one side of it, which can be dragged and closed. */
import { Splitter } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type Pane, paneWidth, type Widths } from "./layout";
import classes from "./SideSplit.module.css";

interface SideSplitProps {
  side: "left" | "right";
  /** null: closed. */
  pane: ReactNode | null;
  layout: Pane;
  widths: Widths;
  className?: string | undefined;
  children: ReactNode;
}

export function SideSplit({ side, pane, layout, widths, className, children }: SideSplitProps) {
  const [width, setWidth] = useState(layout.width);
  const closed = pane === null;
  const first = side === "left";
  const own: `${number}px` = closed ? "0px" : `${width - 1}px`;
  const limits = closed ? { initial: 1, least: 0, most: 0 } : widths;
  const widthOf = (sizes: readonly unknown[]) => paneWidth(sizes[first ? 0 : 1], widths);
  const centre = (
    <Splitter.Pane key="centre" defaultSize={100}>
      {children}
    </Splitter.Pane>
  );
  const beside = (
    <Splitter.Pane key="side" defaultSize={`${limits.initial - 1}px`} min={`${limits.least}px`} max={`${limits.most}px`}>
      {pane}
    </Splitter.Pane>
  );
  return (
    <Splitter
      className={className === undefined ? classes.split : `${classes.split} ${className}`}
      classNames={{ handle: classes.handle, pane: classes.pane }}
      data-closed={closed || undefined}
      withHandle={false}
      lineSize={1}
      step="10px"
      sizes={first ? [own, 100] : [100, own]}
      onSizeChange={(sizes) => setWidth(widthOf(sizes))}
      onResizeEnd={(_, sizes) => layout.setWidth(widthOf(sizes))}
    >
      {first ? [beside, centre] : [centre, beside]}
    </Splitter>
  );
}
