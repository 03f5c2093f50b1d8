/** A cell of the tree of files. Roles are said outright: with a layout of its own, WebKit takes a table's elements for plain boxes. */
import type { ComponentProps } from "react";

export function TreeCell(props: ComponentProps<"div">) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: the tree is one tab stop, its rows are reached by the arrows
  return <div role="gridcell" {...props} />;
}

export function TreeHeadCell(props: ComponentProps<"div">) {
  // biome-ignore lint/a11y/useSemanticElements: see above
  // biome-ignore lint/a11y/useFocusableInteractive: it does nothing
  return <div role="columnheader" {...props} />;
}
