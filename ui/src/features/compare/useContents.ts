/** What is inside compared versions. Read by itself only where that costs nothing; else when the person says so. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ComparedContents, Comparison, FilesCost, Problem } from "../../ipc";
import { isCancelled, toProblem } from "../../ipc";
import { useEscape } from "../../shared/keys";
import { type Reading, useReading } from "../../shared/reading";
import { type Compared, contentsCostQuery, contentsQuery } from "./contentsQueries";

export interface Contents {
  found: ComparedContents | undefined;
  /** Still against the reference before. */
  stale: boolean;
  cost: FilesCost | undefined;
  /** Why the cost is not known. */
  costProblem: Problem | null;
  /** What is under way; null: nothing. */
  reading: Reading | null;
  /** Why the reading failed. */
  problem: Problem | null;
  read: () => void;
  cancel: () => void;
}

/** One version twice has nothing to compare. */
export function useContents(compared: Compared, { same }: Comparison): Contents {
  const client = useQueryClient();
  const { reading, report, reset } = useReading();
  const cost = useQuery({ ...contentsCostQuery(compared), enabled: !same });
  const query = contentsQuery(compared, report);
  const contents = useQuery({ ...query, enabled: !same && cost.data?.bytesToRead === 0 });
  const coming = contents.isFetching || cost.isPending;
  const found = contents.isPlaceholderData && !coming ? undefined : contents.data;
  const under = contents.isFetching && found === undefined;
  const cancel = () => void client.cancelQueries({ queryKey: query.queryKey });
  // What costs nothing is over at once: Esc still leads back.
  useEscape(cancel, under && cost.data?.bytesToRead !== 0);
  return {
    found,
    stale: contents.isPlaceholderData,
    cost: cost.data,
    costProblem: cost.error === null ? null : toProblem(cost.error),
    reading: under ? reading : null,
    problem: contents.error === null || contents.isFetching || isCancelled(contents.error) ? null : toProblem(contents.error),
    read: () => {
      reset();
      if (cost.error !== null) void cost.refetch();
      else void contents.refetch();
    },
    cancel,
  };
}
