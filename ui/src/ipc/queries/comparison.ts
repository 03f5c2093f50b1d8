/** Query keys of versions beside each other. */
import { queryOptions } from "@tanstack/react-query";
import type { Comparison, VersionAt } from "..";
import * as ipc from "..";
import { indexRoot } from "./keys";

/** While another reference or platform is asked for, the columns stay. */
export const comparisonQuery = (versions: readonly VersionAt[], reference: number) =>
  queryOptions({
    queryKey: [...indexRoot, "comparison", versions, reference] as const,
    queryFn: () => ipc.compare(versions, reference),
    placeholderData: (before: Comparison | undefined) =>
      before?.versions.length === versions.length && before.versions.every((one, place) => one.digest === versions[place]?.digest)
        ? before
        : undefined,
    gcTime: 60_000,
  });
