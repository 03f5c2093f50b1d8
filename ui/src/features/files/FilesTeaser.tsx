/** What reading the files would cost, said before anything is read. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { FilesCost, VersionDetail } from "../../ipc";
import * as ipc from "../../ipc";
import { counted, formatCount, useFormat } from "../../shared/format";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import type { VersionAddress } from "../detail/detailQueries";
import { Nothing } from "../detail/Nothing";
import classes from "./FilesTeaser.module.css";
import { filesCostQuery } from "./filesQueries";

interface FilesTeaserProps {
  address: VersionAddress;
  detail: VersionDetail;
  platform: string | null;
  action: ReactNode;
}

export function FilesTeaser({ address, detail, platform, action }: FilesTeaserProps) {
  const query = useQuery({ ...filesCostQuery(address, platform), enabled: detail.filesReadable });
  if (!detail.filesReadable) return <Nothing>The layers of this kind ({detail.kindLabel}) are no file archives.</Nothing>;
  if (query.error)
    return <ProblemStrip problem={ipc.toProblem(query.error)} action={{ label: "Try again", run: () => void query.refetch() }} />;
  return (
    <div className={classes.teaser}>
      {query.data === undefined ? <Skeleton height={8} width={120} my={5} /> : <CostWords cost={query.data} />}
      {action}
    </div>
  );
}

export function CostWords({ cost }: { cost: FilesCost }) {
  const { bytes } = useFormat();
  if (cost.bytesToRead === 0) return <p>Nothing to read: {counted(cost.layers, "layer")} known already.</p>;
  const known = cost.layers - cost.layersToRead;
  return (
    <div>
      <p className={text.strong}>{bytes(cost.bytesToRead)} to read</p>
      <p className={text.middle}>
        {formatCount(cost.layersToRead)} of {counted(cost.layers, "layer")}
        {known > 0 ? `; ${formatCount(known)} known already` : ""}. Only the lists of files are kept, nothing is pulled to a daemon.
      </p>
    </div>
  );
}
