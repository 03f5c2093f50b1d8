/** Names and values in one column: labels, annotations, environment. Long lists are opened on demand. */
import { useState } from "react";
import { counted, formatCount } from "../../shared/format";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";
import { Section } from "./Section";

interface PairsSectionProps {
  title: string;
  pairs: readonly { key: string; value: string }[];
  shownFirst?: number;
}

export function PairsSection({ title, pairs, shownFirst = 6 }: PairsSectionProps) {
  const [all, setAll] = useState(false);
  if (pairs.length === 0) return null;
  const shown = all ? pairs : pairs.slice(0, shownFirst);
  return (
    <Section title={title} note={formatCount(pairs.length)}>
      <dl className={classes.pairs}>
        {shown.map((pair) => (
          <div key={pair.key}>
            <dt>{pair.key}</dt>
            <dd>{pair.value === "" ? <span className={text.dim}>empty</span> : pair.value}</dd>
          </div>
        ))}
      </dl>
      {pairs.length > shown.length ? (
        <button type="button" className={`${text.link} ${classes.more}`} onClick={() => setAll(true)}>
          {counted(pairs.length - shown.length, "more", "more")}
        </button>
      ) : null}
    </Section>
  );
}
