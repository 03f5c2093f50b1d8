/** A version that goes: its tags, what goes along, why it may go, and what that frees. */
import { shortDigest, useFormat } from "../../../shared/format";
import { LayerBar } from "../../../shared/layers";
import text from "../../../shared/text.module.css";
import { Cell, HeadCell, Tags, Twisty } from "./PlanCells";
import classes from "./PlanTree.module.css";
import type { PlanRow } from "./planRows";
import { alongWords, goWords } from "./words";

export function GoingHead() {
  return (
    <>
      <HeadCell className={classes.first}>Tags</HeadCell>
      <HeadCell>Digest</HeadCell>
      <HeadCell>With it</HeadCell>
      <HeadCell>Why it may go</HeadCell>
      <HeadCell className={`${text.number} ${classes.wide}`} title="With what goes along, each blob once">
        Size, all
      </HeadCell>
      <HeadCell className={classes.wide} title="Colour: freed. Grey: versions that stay use it.">
        Layers, freed in colour
      </HeadCell>
      <HeadCell className={text.number} title="Freed if only this version goes">
        Only here
      </HeadCell>
    </>
  );
}

export function GoingCells({ row }: { row: Extract<PlanRow, { type: "going" }> }) {
  const { bytes } = useFormat();
  const { version, isNew } = row;
  const along = version.whole ? alongWords(version.along) : "the version stays";
  const why = goWords(version.why);
  const stays = version.sizeBytes - version.freedBytes;
  return (
    <>
      <Cell className={classes.first} title={version.tags.join(", ")}>
        <Twisty open={row.open} />
        {version.tags.length > 0 ? <Tags names={version.tags} /> : <span className={text.dim}>untagged</span>}
      </Cell>
      <Cell className={text.mono} title={version.digest}>
        {shortDigest(version.digest)}
      </Cell>
      <Cell className={`${text.cut} ${along === "nothing" ? text.dim : ""}`} title={along}>
        {along}
      </Cell>
      <Cell className={text.cut} title={why}>
        {isNew ? <b className={classes.new}>new in the plan, </b> : null}
        {why}
      </Cell>
      <Cell className={`${text.number} ${classes.wide}`}>{version.whole ? bytes(version.sizeBytes) : ""}</Cell>
      <Cell className={classes.wide}>
        {version.whole ? (
          <LayerBar
            layers={version.freed}
            rest={stays + version.freedBytes - version.freed.reduce((sum, layer) => sum + layer.sizeBytes, 0)}
            label={`${bytes(version.freedBytes)} of ${bytes(version.sizeBytes)} freed`}
          />
        ) : null}
      </Cell>
      <Cell className={`${text.number} ${classes.strong}`}>{version.whole ? bytes(version.onlyHereBytes) : ""}</Cell>
    </>
  );
}

/** A step of what goes along. */
export function PartCells({ row }: { row: Extract<PlanRow, { type: "part" }> }) {
  const { bytes } = useFormat();
  const { step } = row;
  return (
    <>
      <Cell className={classes.inner}>{step.tags.length > 0 ? <Tags names={step.tags} /> : <span className={text.dim}>no tag</span>}</Cell>
      <Cell className={text.mono} title={step.digest}>
        {shortDigest(step.digest)}
      </Cell>
      <Cell aria-colspan={4} className={`${text.cut} ${classes.told}`}>
        {step.reason}
      </Cell>
      <Cell className={text.number} title="Freed with this step">
        {step.bytes > 0 ? bytes(step.bytes) : ""}
      </Cell>
    </>
  );
}
