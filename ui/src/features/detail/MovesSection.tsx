/** When tags moved to or away from this version, as Berth saw it. */
import type { TagMove, VersionDetail } from "../../ipc";
import { formatFull, useFormat } from "../../shared/format";
import { TagChip } from "../../shared/tags/TagChip";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";
import { Section } from "./Section";

const firstShown = 12;

export function MovesSection({ detail }: { detail: VersionDetail }) {
  const { when } = useFormat();
  if (detail.moves.length === 0) return null;
  return (
    <Section title="Tag moves" note="as seen here">
      <ul className={`${text.list} ${classes.moves}`}>
        {detail.moves.slice(0, firstShown).map((move) => (
          <li key={`${move.tag} ${move.seen} ${move.from} ${move.to}`}>
            <TagChip tag={detail.tags.find((tag) => tag.name === move.tag) ?? { name: move.tag, channel: null }} />
            <span className={`${text.grow} ${text.cut}`}>
              <MoveWords move={move} here={detail.digest} />
            </span>
            <span className={text.dim} title={formatFull(move.seen)}>
              {when(move.seen)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function MoveWords({ move, here }: { move: TagMove; here: string }) {
  if (move.from === null) return "appeared here";
  if (move.to === null) return "was removed";
  const other = move.to === here ? move.from : move.to;
  return (
    <>
      {move.to === here ? "moved from " : "moved on to "}
      <span className={text.mono} title={other}>
        {other.replace(/^[^:]*:/, "").slice(0, 8)}
      </span>
    </>
  );
}
