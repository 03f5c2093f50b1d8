/** The steps that built the image, oldest first. Steps that added no layer are dimmed. */
import type { HistoryStep, VersionDetail } from "../../ipc";
import { counted, formatFull, longerDigest, useFormat } from "../../shared/format";
import { focusLayer, LayerSwatch } from "../../shared/layers";
import text from "../../shared/text.module.css";
import { Nothing } from "./Nothing";
import classes from "./Tabs.module.css";

/** More steps than any image has; a foreign config may claim any number. */
const stepsShown = 500;

export function HistoryTab({ detail }: { detail: VersionDetail }) {
  if (detail.history.length === 0)
    return <Nothing>{detail.kind === "image" ? "No history: the image’s config has none." : "No history: only images carry one."}</Nothing>;
  const empty = detail.history.filter((step) => step.empty).length;
  return (
    <section className={text.section} aria-label="History">
      <div className={text.sectionHead}>
        <span>{counted(detail.history.length, "step")}</span>
        <span>{empty === 0 ? "" : `${empty} without a layer`}</span>
      </div>
      <ol className={classes.steps}>
        {detail.history.slice(0, stepsShown).map((step, position) => (
          <Step key={`${position} ${step.createdBy}`} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step }: { step: HistoryStep }) {
  const { bytes, when } = useFormat();
  const { layer } = step;
  return (
    <li
      className={classes.step}
      data-empty={step.empty || undefined}
      title={step.comment ?? undefined}
      onPointerEnter={(event) => {
        if (layer !== null)
          focusLayer({ digest: layer, text: `${longerDigest(layer)} · ${step.createdBy}`, x: event.clientX, y: event.clientY });
      }}
      onPointerLeave={() => focusLayer(null)}
    >
      {layer === null ? <span aria-hidden className={classes.noSwatch} /> : <LayerSwatch digest={layer} />}
      <div className={text.grow}>
        <code className={classes.command}>{step.createdBy === "" ? (step.comment ?? "—") : step.createdBy}</code>
      </div>
      <span className={`${text.number} ${text.middle}`}>{step.empty || step.sizeBytes === null ? "" : bytes(step.sizeBytes)}</span>
      {step.created === null ? null : (
        <span className={`${text.dim} ${classes.time}`} title={formatFull(step.created)}>
          {when(step.created)}
        </span>
      )}
    </li>
  );
}
