/** Names and values in one column: labels, annotations, environment. Long lists are opened on demand. */
import { formatCount } from "../../shared/format";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";
import { Section } from "./Section";
import { useFirst } from "./useFirst";

interface PairsSectionProps {
  title: string;
  pairs: readonly { key: string; value: string }[];
  shownFirst?: number;
}

export function PairsSection({ title, pairs, shownFirst = 6 }: PairsSectionProps) {
  const [shown, more] = useFirst(pairs, shownFirst, "more", "more");
  if (pairs.length === 0) return null;
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
      {more}
    </Section>
  );
}
