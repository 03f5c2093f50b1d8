/** Query keys of plans that are only looked at. */
import { queryOptions } from "@tanstack/react-query";
import type { ChangeRequest } from "..";
import * as ipc from "..";
import { indexRoot } from "./keys";

/** The plan as the index knows the repository. */
export const previewQuery = (request: ChangeRequest) =>
  queryOptions({
    queryKey: [...indexRoot, "preview", request] as const,
    queryFn: () => ipc.previewChange(request),
    gcTime: 10_000,
  });
