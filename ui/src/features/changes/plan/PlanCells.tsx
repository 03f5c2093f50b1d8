/** What the cells of a plan's rows are made of. */
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ComponentProps, createContext, type ReactNode, useContext } from "react";
import type { ChannelMark } from "../../../ipc";
import { formatCount, shortDigest } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { TagChip } from "../../../shared/tags/TagChip";
import text from "../../../shared/text.module.css";
import classes from "./PlanTree.module.css";

/** Cells of the widest row. */
export const columns = 7;

/** Which tags are channels: plans know tags by their names only. */
export const ChannelMarks = createContext<ReadonlyMap<string, ChannelMark>>(new Map());

export function Cell(props: ComponentProps<"div">) {
  // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
  // biome-ignore lint/a11y/useFocusableInteractive: the tree is one tab stop, its rows are reached by the arrows
  return <div role="gridcell" {...props} />;
}

export function HeadCell(props: ComponentProps<"div">) {
  // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
  // biome-ignore lint/a11y/useFocusableInteractive: it does nothing
  return <div role="columnheader" {...props} />;
}

/** The twisty is for the pointer; the keys are Left and Right. */
export function Twisty({ open }: { open: boolean | undefined }) {
  return (
    <span aria-hidden className={classes.twisty}>
      {open === undefined ? null : <Icon of={open ? IconChevronDown : IconChevronRight} size="smallest" />}
    </span>
  );
}

interface TagsProps {
  names: readonly string[];
  isProtected?: (name: string) => boolean;
  /** Tags that are not among the names. */
  more?: number;
}

export function Tags({ names, isProtected, more = 0 }: TagsProps) {
  const marks = useContext(ChannelMarks);
  return (
    <span className={classes.tags}>
      {names.map((name) => (
        <TagChip key={name} tag={{ name, channel: marks.get(name) ?? null, protected: isProtected?.(name) ?? false }} />
      ))}
      {more > 0 ? <span className={text.dim}>and {formatCount(more)} more</span> : null}
    </span>
  );
}

export function Reason({
  open,
  reason,
  count,
  link = false,
  children,
}: {
  open: boolean | undefined;
  reason: string;
  count: string;
  /** What stands at the end opens the row: it looks like that. */
  link?: boolean;
  children: ReactNode;
}) {
  return (
    <Cell aria-colspan={columns} className={classes.whole}>
      <Twisty open={open} />
      <span className={`${classes.reason} ${text.cut}`} title={reason}>
        {reason}
      </span>
      <span className={classes.rest}>{children}</span>
      <span className={`${link ? classes.show : text.dim} ${text.number}`}>{count}</span>
    </Cell>
  );
}

export function Listed({ name, digest, children }: { name: ReactNode; digest: string | null; children: ReactNode }) {
  return (
    <Cell aria-colspan={columns} className={`${classes.whole} ${classes.listed}`}>
      <span className={classes.reason}>{name}</span>
      {digest === null ? null : (
        <span className={`${text.mono} ${classes.digest}`} title={digest}>
          {shortDigest(digest)}
        </span>
      )}
      <span className={`${text.grow} ${text.cut}`}>{children}</span>
    </Cell>
  );
}
