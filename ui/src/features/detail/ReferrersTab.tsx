/** What points at this version: signatures, SBOMs, attestations. Read again when over an hour old, or on demand. */
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment } from "react";
import type { Referrer, VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { formatFull, useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { CopyDigest } from "./CopyDigest";
import { referrersQuery, type VersionAddress } from "./detailQueries";
import { Nothing } from "./Nothing";
import classes from "./Tabs.module.css";

const hour = 60 * 60_000;
const referrersShown = 200;

export function ReferrersTab({ address, detail }: { address: VersionAddress; detail: VersionDetail }) {
  const queryClient = useQueryClient();
  const { now, when } = useFormat();
  const stale = detail.referrersReadAt === null || now - Date.parse(detail.referrersReadAt) > hour;
  const read = useQuery({ ...referrersQuery(address), enabled: stale });
  const referrers = read.data ?? detail.referrers;
  const cancel = () => void queryClient.cancelQueries({ queryKey: referrersQuery(address).queryKey });
  const readAt = read.dataUpdatedAt > 0 ? new Date(read.dataUpdatedAt).toISOString() : detail.referrersReadAt;
  return (
    <>
      <div className={classes.toolbar}>
        <span className={text.dim} title={readAt === null ? "Never asked" : formatFull(readAt)}>
          {read.isFetching ? "Asking the registry" : readAt === null ? "Not read yet" : `Read ${when(readAt)}`}
        </span>
        <span className={text.grow} />
        {read.isFetching ? (
          <Button size="xs" onClick={cancel}>
            Cancel
          </Button>
        ) : (
          <Button size="xs" leftSection={<Icon of={IconRefresh} size="small" />} onClick={() => void read.refetch()}>
            Read again
          </Button>
        )}
      </div>
      {read.error && !ipc.isCancelled(read.error) ? (
        <ProblemStrip
          problem={ipc.toProblem(read.error)}
          still={detail.referrers.length > 0 ? "What was seen before is shown." : undefined}
          action={{ label: "Try again", run: () => void read.refetch() }}
        />
      ) : null}
      {referrers.length === 0 && !read.isFetching ? <Nothing>Nothing points at this version: no signature, no SBOM.</Nothing> : null}
      {referrers.slice(0, referrersShown).map((referrer) => (
        <ReferrerEntry key={referrer.digest} referrer={referrer} />
      ))}
    </>
  );
}

const kindNames: Record<string, string> = {
  signature: "Signature",
  sbom: "SBOM",
  attestation: "Attestation",
  image: "Image",
  modelpack: "ModelPack",
  modelkit: "ModelKit",
  helm: "Helm chart",
  wasm: "WASM",
  other: "Other artifact",
};

function ReferrerEntry({ referrer }: { referrer: Referrer }) {
  const { bytes, when } = useFormat();
  return (
    <section className={text.section} aria-label={kindNames[referrer.kind] ?? referrer.kind}>
      <div className={`${text.row} ${classes.referrerHead}`}>
        <b className={text.strong}>{kindNames[referrer.kind] ?? referrer.kind}</b>
        <CopyDigest digest={referrer.digest} short />
        <span className={text.grow} />
        <span className={`${text.number} ${text.middle}`}>{bytes(referrer.sizeBytes)}</span>
      </div>
      <p className={`${text.mono} ${text.dim} ${classes.value}`}>{referrer.artifactType ?? "no artifact type"}</p>
      {referrer.created === null ? null : (
        <p className={`${text.dim} ${text.small}`} title={formatFull(referrer.created)}>
          Created {when(referrer.created)}
        </p>
      )}
      <dl className={classes.annotations}>
        {referrer.annotations.slice(0, 20).map((annotation) => (
          <Fragment key={annotation.key}>
            <dt>{annotation.key}</dt>
            <dd title={annotation.value}>{annotation.value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
