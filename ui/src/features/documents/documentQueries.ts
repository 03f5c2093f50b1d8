/** Query of a document inside a model artifact. Content by digest never changes, so it is asked once. */
import { queryOptions } from "@tanstack/react-query";
import * as ipc from "../../ipc";

export const documentQuery = (connectionId: string, repository: string, digest: string, layerDigest: string) =>
  queryOptions({
    queryKey: ["content", "document", connectionId, repository, digest, layerDigest] as const,
    queryFn: ({ signal }) => ipc.document(connectionId, repository, digest, layerDigest, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 5 * 60_000,
    retry: false,
  });
