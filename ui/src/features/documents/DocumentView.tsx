/** The text of a document: Markdown rendered safely, anything else as it is. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import * as ipc from "../../ipc";
import { ProblemStrip } from "../../shared/ProblemStrip";
import type { VersionAddress } from "../detail/detailQueries";
import classes from "./DocumentView.module.css";
import { documentQuery } from "./documentQueries";

// The Markdown parser is only loaded with the first document.
const SafeMarkdown = lazy(async () => ({ default: (await import("./SafeMarkdown")).SafeMarkdown }));

interface DocumentViewProps {
  address: VersionAddress;
  layerDigest: string;
}

export function DocumentView({ address, layerDigest }: DocumentViewProps) {
  const query = useQuery(documentQuery(address.connectionId, address.repository, address.digest, layerDigest));
  if (query.error)
    return <ProblemStrip problem={ipc.toProblem(query.error)} action={{ label: "Try again", run: () => void query.refetch() }} />;
  if (query.data === undefined) return <Lines />;
  if (!query.data.markdown) return <pre className={classes.plain}>{query.data.text}</pre>;
  return (
    <Suspense fallback={<Lines />}>
      <SafeMarkdown text={query.data.text} />
    </Suspense>
  );
}

function Lines() {
  return (
    <div aria-busy="true" className={classes.lines}>
      <Skeleton height={8} width="40%" />
      <Skeleton height={8} />
      <Skeleton height={8} width="85%" />
    </div>
  );
}
