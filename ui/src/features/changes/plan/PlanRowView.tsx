/** One row of a plan: a group, a version that goes, a reason to stay, or what is in one of them. */
import { IconAlertTriangle } from "@tabler/icons-react";
import { memo } from "react";
import { counted, formatCount, shortDigest, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import text from "../../../shared/text.module.css";
import { capital } from "../running/words";
import { Cell, HeadCell, Listed, Reason, Tags, Twisty } from "./PlanCells";
import classes from "./PlanTree.module.css";
import { protectedReason } from "./planModel";
import type { GroupName, PlanRow } from "./planRows";
import { alongWords, keptWords } from "./words";

interface PlanRowViewProps {
  id: string;
  row: PlanRow;
  /** In the whole tree, from 1. */
  place: number;
  top: number;
  cursor: boolean;
  onPress: (row: PlanRow) => void;
}

export const PlanRowView = memo(function PlanRowView({ id, row, place, top, cursor, onPress }: PlanRowViewProps) {
  const isRow = row.type !== "head" && row.type !== "sum";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys of its rows
    // biome-ignore lint/a11y/useFocusableInteractive: the tree is the one tab stop
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element would need them all
    <div
      id={id}
      role="row"
      aria-rowindex={place}
      aria-level={row.level}
      aria-posinset={isRow ? row.position : undefined}
      aria-setsize={isRow ? row.siblings : undefined}
      aria-expanded={row.open}
      className={classes.row}
      data-type={row.type}
      data-group={row.type === "group" ? row.group : undefined}
      data-first={place === 1 || undefined}
      data-cursor={cursor || undefined}
      style={{ top }}
      onClick={() => onPress(row)}
    >
      <RowContent row={row} />
    </div>
  );
}, sameRow);

/** Handlers are new at every turn and always do the same. */
function sameRow(before: PlanRowViewProps, after: PlanRowViewProps): boolean {
  return before.row === after.row && before.top === after.top && before.cursor === after.cursor && before.place === after.place;
}

const groups: Record<GroupName, { title: string; about: string }> = {
  goes: { title: "Goes", about: "each digest with all its tags" },
  stays: { title: "Stays", about: "each version once, under its first reason" },
  protected: { title: "Protected", about: "something that stays needs it" },
  unreadable: { title: "Could not be read", about: "nothing is deleted in a repository that cannot be read in full" },
  failed: { title: "Failed", about: "still there, as far as is known" },
  skipped: { title: "Skipped", about: "nothing was done to these" },
  done: { title: "Deleted", about: "the journal has every manifest and tag" },
};

function RowContent({ row }: { row: PlanRow }) {
  const { bytes } = useFormat();
  switch (row.type) {
    case "group": {
      const { title, about } = groups[row.group];
      return (
        <Cell aria-colspan={5} className={classes.whole}>
          <Twisty open={row.open} />
          {row.group === "unreadable" || row.group === "failed" ? <Icon of={IconAlertTriangle} size="small" /> : null}
          <span className={classes.title}>{title}</span>
          <span className={text.dim}>{about}</span>
          <span className={text.grow} />
          <span className={`${text.dim} ${text.number}`}>{formatCount(row.count)}</span>
        </Cell>
      );
    }
    case "head":
      return (
        <>
          <HeadCell className={classes.first}>Tags</HeadCell>
          <HeadCell>Digest</HeadCell>
          <HeadCell>With it</HeadCell>
          <HeadCell>Why it may go</HeadCell>
          <HeadCell className={text.number} title="A blob that several of them hold counts at the first">
            Frees
          </HeadCell>
        </>
      );
    case "going":
      return <GoingCells row={row} />;
    case "part":
      return (
        <>
          <Cell className={classes.inner}>
            {row.part.step.tags.length > 0 ? <Tags names={row.part.step.tags} /> : <span className={text.dim}>no tag</span>}
          </Cell>
          <Cell className={text.mono} title={row.part.step.digest}>
            {shortDigest(row.part.step.digest)}
          </Cell>
          <Cell />
          <Cell className={text.cut}>{row.part.step.reason}</Cell>
          <Cell className={text.number}>{row.part.step.bytes > 0 ? bytes(row.part.step.bytes) : ""}</Cell>
        </>
      );
    case "sum":
      return (
        <Cell aria-colspan={5} className={`${classes.whole} ${classes.sum}`}>
          <span className={text.grow}>Freed</span>
          <span className={text.number}>{bytes(row.bytes)}</span>
        </Cell>
      );
    case "kept":
      return (
        <Reason open={row.open} reason={keptWords(row.group.reason)} count={counted(row.group.versions, "version")}>
          <Tags
            names={row.group.tags.slice(0, shownTags).map((tag) => tag.tag)}
            isProtected={(name) => row.group.tags.some((tag) => tag.tag === name && tag.reason === protectedReason)}
            more={row.group.tags.length - shownTags}
          />
        </Reason>
      );
    case "tag":
      return (
        <Listed name={<Tags names={[row.tag.tag]} />} digest={row.tag.digest}>
          {row.tag.reason}
        </Listed>
      );
    case "guarded":
      return (
        <Reason open={row.open} reason={capital(row.group.reason)} count={counted(row.group.digests.length, "digest")}>
          <span className={`${text.mono} ${text.cut}`}>
            {row.group.digests
              .slice(0, shownTags)
              .map((one) => shortDigest(one.digest))
              .join("  ")}
          </span>
        </Reason>
      );
    case "digest":
      return (
        <Listed name={<span className={text.mono}>{shortDigest(row.digest.digest)}</span>} digest={null}>
          {row.digest.because}
        </Listed>
      );
    case "unread":
      return (
        <Cell aria-colspan={5} className={classes.whole} title={`${row.part.reference}: ${row.part.problem}`}>
          <Twisty open={undefined} />
          <span className={`${classes.reason} ${text.cut}`}>{row.part.reference}</span>
          <span className={`${text.grow} ${text.cut}`}>{row.part.problem}</span>
        </Cell>
      );
    case "step":
      return <StepCells row={row} />;
  }
}

/** More chips than this stand in no row. */
const shownTags = 24;

function GoingCells({ row }: { row: Extract<PlanRow, { type: "going" }> }) {
  const { bytes } = useFormat();
  const { going, isNew } = row;
  const along = going.tagsOnly ? "the version stays" : alongWords(going.parts);
  return (
    <>
      <Cell className={classes.first} title={going.tags.join(", ")}>
        <Twisty open={row.open} />
        {going.tags.length > 0 ? <Tags names={going.tags} /> : <span className={text.dim}>untagged</span>}
      </Cell>
      <Cell className={text.mono} title={going.digest}>
        {shortDigest(going.digest)}
      </Cell>
      <Cell className={`${text.cut} ${along === "nothing" ? text.dim : ""}`} title={along}>
        {along}
      </Cell>
      <Cell className={text.cut} title={going.reason}>
        {isNew ? <b className={classes.new}>new in the plan, </b> : null}
        {going.reason}
      </Cell>
      <Cell className={`${text.number} ${classes.strong}`}>{bytes(going.bytes)}</Cell>
    </>
  );
}

function StepCells({ row }: { row: Extract<PlanRow, { type: "step" }> }) {
  const { step, reason, hint } = row;
  return (
    <Cell aria-colspan={5} className={classes.whole} title={`${step.reference}: ${reason}${hint === null ? "" : ` ${hint}`}`}>
      <Twisty open={undefined} />
      <span className={classes.reason}>{step.tags.length > 0 ? <Tags names={step.tags} /> : <span className={text.dim}>no tag</span>}</span>
      <span className={`${text.mono} ${classes.digest}`}>{shortDigest(step.digest)}</span>
      <span className={`${text.grow} ${text.cut}`}>
        {reason}
        {hint === null ? null : <span className={text.dim}> {hint}</span>}
      </span>
    </Cell>
  );
}
