/** The first items of a list that may be long, and the button that shows all of them. */
import { type ReactNode, useState } from "react";
import { counted } from "../../shared/format";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";

/** `more` is what the rest is called, with the number before it: `more layer`. */
export function useFirst<T>(items: readonly T[], count: number, more: string, many?: string): [readonly T[], ReactNode] {
  const [all, setAll] = useState(false);
  if (all || items.length <= count) return [items, null];
  const button = (
    <button type="button" className={`${text.link} ${classes.more}`} onClick={() => setAll(true)}>
      {counted(items.length - count, more, many)}
    </button>
  );
  return [items.slice(0, count), button];
}
