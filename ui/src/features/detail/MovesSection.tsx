/** When tags moved to or away from this version, as Berth saw it; the last move first. */
import type { TagMove, VersionDetail } from "../../ipc";
import { formatFull, shortDigest, useFormat } from "../../shared/format";
import { TagChip } from "../../shared/tags/TagChip";
import text from "../../shared/text.module.css";
import classes from "./Overview.module.css";
import { Section } from "./Section";
import { useFirst } from "./useFirst";

const firstShown = 12;

export function MovesSection({ detail }: { detail: VersionDetail }) {
  const { when } = useFormat();
  const [shown, more] = useFirst(movesOf(detail), firstShown, "earlier move");
  if (shown.length === 0) return null;
  return (
    <Section title="Tag moves" note="as seen here">
      <ul className={`${text.list} ${classes.moves}`}>
        {shown.map((move) => (
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
      {more}
    </Section>
  );
}

/** The program tells all moves of every tag that was ever here, the first one first; between two others they say nothing of this version. */
function movesOf({ digest, moves }: VersionDetail): TagMove[] {
  return moves
    .filter((move) => move.from === digest || move.to === digest)
    .sort((left, right) => Date.parse(right.seen) - Date.parse(left.seen));
}

function MoveWords({ move, here }: { move: TagMove; here: string }) {
  if (move.from === null) return "appeared here";
  if (move.to === null) return "was removed";
  const other = move.to === here ? move.from : move.to;
  return (
    <>
      {move.to === here ? "moved from " : "moved on to "}
      <span className={text.mono} title={other}>
        {shortDigest(other)}
      </span>
    </>
  );
}
