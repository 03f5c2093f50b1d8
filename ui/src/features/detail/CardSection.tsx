/** The model card as key and value: only what is known. */
import { Fragment, type ReactNode } from "react";
import type { ModelCard, VersionDetail } from "../../ipc";
import { formatCount, formatFull, formatMetric, unknown, useFormat } from "../../shared/format";
import text from "../../shared/text.module.css";
import { ForeignLink } from "../documents/ForeignLink";
import { webAddress } from "../documents/webAddress";
import classes from "./Overview.module.css";

export function CardSection({ detail, repository }: { detail: VersionDetail; repository: string }) {
  const { when } = useFormat();
  const { card } = detail;
  const rows: { name: string; value: ReactNode }[] = [
    { name: "Kind", value: card.architecture === null && card.metrics.length === 0 ? detail.kindLabel : null },
    { name: "Media type", value: detail.kind === "other" ? <span className={text.mono}>{detail.mediaType}</span> : null },
    { name: "Title", value: repository.endsWith(card.name ?? "") ? null : card.name },
    { name: "Architecture", value: card.architecture },
    { name: "Parameters", value: joined([card.parameters, card.precision, card.quantization, card.format]) },
    { name: "Context", value: card.contextLength === null ? null : `${formatCount(card.contextLength)} tokens` },
    { name: "Framework", value: card.framework },
    { name: "Dataset", value: card.dataset },
    { name: "Metrics", value: card.metrics.length === 0 ? null : <Metrics metrics={card.metrics} /> },
    { name: "Licence", value: joined(card.licenses) },
    { name: "Authors", value: joined(card.authors) },
    { name: "Source", value: card.source === null ? null : <Source source={card.source} revision={card.revision} /> },
    { name: "Base", value: card.base === null ? null : <span className={text.mono}>{card.base}</span> },
    { name: "Description", value: card.description === null ? null : <span className={classes.prose}>{card.description}</span> },
    {
      name: "Created",
      value:
        detail.created === null ? (
          <span title="Neither its config nor its annotations say when">{unknown}</span>
        ) : (
          <span title={formatFull(detail.created)}>{when(detail.created)}</span>
        ),
    },
    {
      name: "Pushed",
      value:
        detail.pushed === null || detail.pushed === detail.created ? null : (
          <span title={formatFull(detail.pushed)}>{when(detail.pushed)}</span>
        ),
    },
  ];
  return (
    <section className={text.section} aria-label="Model card">
      <dl className={text.keyValues}>
        {rows
          .filter(({ value }) => value !== null)
          .map(({ name, value }) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd className={classes.value}>{value}</dd>
            </Fragment>
          ))}
      </dl>
    </section>
  );
}

function joined(parts: readonly (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null && part !== "");
  return known.length === 0 ? null : known.join(", ");
}

/** At most this many; a registry can send any number of labels. */
const metricsShown = 40;

function Metrics({ metrics }: { metrics: ModelCard["metrics"] }) {
  const shown = metrics.slice(0, metricsShown);
  return (
    <span className={classes.metrics}>
      {shown.map((metric, position) => (
        <Fragment key={metric.name}>
          <span className={classes.metric}>
            {metric.name} {formatMetric(metric.value)}
            {position < shown.length - 1 ? "," : ""}
          </span>{" "}
        </Fragment>
      ))}
      {metrics.length > shown.length ? <span className={text.dim}>and {formatCount(metrics.length - shown.length)} more</span> : null}
    </span>
  );
}

/** A link where the source is an address of the web, and the revision it was built from. */
function Source({ source, revision }: { source: string; revision: string | null }) {
  const address = webAddress(source);
  return (
    <span className={classes.source}>
      <ForeignLink address={address}>{address === null ? source : shortSource(address)}</ForeignLink>
      {revision === null ? null : (
        <span className={`${text.mono} ${text.dim}`} title={revision}>
          {/^[0-9a-f]{12,}$/i.test(revision) ? revision.slice(0, 7) : revision}
        </span>
      )}
    </span>
  );
}

/** `https://github.com/acme/defect-detector` → `acme/defect-detector`; other hosts keep theirs. */
function shortSource(address: string): string {
  const plain = address
    .replace(/^https?:\/\//, "")
    .replace(/\.git$/, "")
    .replace(/\/$/, "");
  return plain.replace(/^(www\.)?github\.com\//, "");
}
