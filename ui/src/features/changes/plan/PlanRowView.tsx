/** One row of a plan: a group, a version that goes, a reason to stay, or what is in one of them. */
import { IconAlertTriangle } from "@tabler/icons-react";
import { type MouseEvent, memo } from "react";
import { counted, formatCount, shortDigest, useFormat } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import text from "../../../shared/text.module.css";
import { capital } from "../running/words";
import { GoingCells, GoingHead, PartCells } from "./GoingRow";
import { Cell, columns, Listed, Reason, Tags, Twisty } from "./PlanCells";
import classes from "./PlanTree.module.css";
import { type GroupName, isPassed, type PlanRow } from "./planRows";
import { guardedBy, guardWords, keptWords, tagWords } from "./words";

interface PlanRowViewProps {
  id: string;
  row: PlanRow;
  /** In the whole tree, from 1. */
  place: number;
  top: number;
  cursor: boolean;
  onRetry: (() => void) | null;
  onPress: (row: PlanRow) => void;
}

export const PlanRowView = memo(function PlanRowView({ id, row, place, top, cursor, onRetry, onPress }: PlanRowViewProps) {
  const isRow = !isPassed(row);
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
      <RowContent row={row} onRetry={onRetry} />
    </div>
  );
}, sameRow);

/** Handlers are new at every turn and always do the same. */
function sameRow(before: PlanRowViewProps, after: PlanRowViewProps): boolean {
  const retries = (before.onRetry === null) === (after.onRetry === null);
  return retries && before.row === after.row && before.top === after.top && before.cursor === after.cursor && before.place === after.place;
}

const groups: Record<GroupName, { title: string; about: string }> = {
  goes: { title: "Goes", about: "each digest with all its tags" },
  stays: { title: "Stays", about: "each version once, under its first reason" },
  protected: { title: "Protected", about: "no tag of its own, or a signature tag; something that stays needs it" },
  unreadable: { title: "Could not be read", about: "nothing is deleted in a repository that cannot be read in full" },
  backup: { title: "Backed up first", about: "every delete waits until all of this is there" },
  failed: { title: "Failed", about: "still there, as far as is known" },
  skipped: { title: "Skipped", about: "nothing was done to these" },
  done: { title: "Deleted", about: "the journal has every manifest and tag" },
  backedUp: { title: "Backed up", about: "stays there, whatever is undone" },
};

function RowContent({ row, onRetry }: { row: PlanRow; onRetry: (() => void) | null }) {
  const { bytes } = useFormat();
  switch (row.type) {
    case "group": {
      const { title, about } = groups[row.group];
      return (
        <Cell aria-colspan={columns} className={classes.whole}>
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
      return <GoingHead />;
    case "repository":
      return (
        <Cell aria-colspan={columns} className={`${classes.whole} ${classes.repository}`}>
          <b className={text.cut}>{row.repository}</b>
          <span className={text.dim}>{counted(row.versions, "version")}</span>
        </Cell>
      );
    case "going":
      return <GoingCells row={row} />;
    case "part":
      return <PartCells row={row} />;
    case "sum":
      return (
        <Cell aria-colspan={columns} className={`${classes.whole} ${classes.sum}`} data-total={row.total || undefined}>
          <span className={text.grow}>{row.label}</span>
          <span className={text.number}>{bytes(row.bytes)}</span>
        </Cell>
      );
    case "kept":
      return (
        <Reason open={row.open} reason={keptWords(row.group.reason)} count={counted(row.group.versions, "version")}>
          <Tags
            names={[...new Set(row.group.tags.slice(0, shownTags).map((tag) => tag.tag))]}
            isProtected={(name) => row.group.tags.some((tag) => tag.tag === name && tag.why.kind === "protected")}
            more={row.group.tags.length - shownTags}
          />
        </Reason>
      );
    case "tag":
      return (
        <Listed name={<Tags names={[row.tag.tag]} />} digest={row.tag.digest}>
          {tagWords(row.tag.why)}
        </Listed>
      );
    case "guarded":
      return (
        <Reason
          open={row.open}
          reason={guardWords(row.group.kind)}
          count={`${row.open ? "Hide" : "Show"} ${formatCount(row.group.digests.length)}`}
          link
        >
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
          {guardedBy(row.digest.why)}
        </Listed>
      );
    case "unread":
      return <UnreadCell row={row} onRetry={onRetry} />;
    case "unreadPart":
      return (
        <Cell aria-colspan={columns} className={`${classes.whole} ${classes.listed}`} title={`${row.part.reference}: ${row.part.problem}`}>
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

/** What happened, what stays because of it, and one thing to do. */
function UnreadCell({ row, onRetry }: { row: Extract<PlanRow, { type: "unread" }>; onRetry: (() => void) | null }) {
  const { repository, parts, tags } = row.group;
  const [first] = parts;
  const reference = first?.reference.slice(repository.length + 1) ?? "";
  const retry = (event: MouseEvent) => {
    event.stopPropagation();
    onRetry?.();
  };
  return (
    <Cell aria-colspan={columns} className={classes.whole} title={parts.map((part) => `${part.reference}: ${part.problem}`).join("\n")}>
      <Twisty open={row.open} />
      <span className={`${classes.reason} ${text.cut}`}>{repository}</span>
      {reference === "" ? null : <span className={text.mono}>{reference.startsWith("sha256:") ? shortDigest(reference) : reference}</span>}
      <span className={`${text.grow} ${text.cut}`}>
        {capital(first?.problem ?? "")}
        {parts.length > 1 ? `, and ${formatCount(parts.length - 1)} more.` : "."}{" "}
        {tags > 0 ? `${counted(tags, "tag")} ${tags === 1 ? "stays" : "stay"}.` : ""}
      </span>
      {onRetry === null ? null : (
        <button type="button" className={text.link} tabIndex={-1} onClick={retry}>
          Try again
        </button>
      )}
    </Cell>
  );
}

function StepCells({ row }: { row: Extract<PlanRow, { type: "step" }> }) {
  const { step, reason, hint } = row;
  return (
    <Cell aria-colspan={columns} className={classes.whole} title={`${step.reference}: ${reason}${hint === null ? "" : ` ${hint}`}`}>
      <Twisty open={undefined} />
      <span className={classes.reason}>
        {step.tags.length > 0 ? (
          <Tags names={step.tags} />
        ) : (
          <span className={text.dim}>{step.action.endsWith("-blob") ? "blob" : "no tag"}</span>
        )}
      </span>
      <span className={`${text.mono} ${classes.digest}`}>{shortDigest(step.digest)}</span>
      <span className={`${text.grow} ${text.cut}`}>
        {reason}
        {hint === null ? null : <span className={text.dim}> {hint}</span>}
      </span>
    </Cell>
  );
}
