/** Queries of what is inside compared versions: what reading it costs, the reading, pages of the files that differ. */
import { hashKey, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { ComparedContents, ComparedFile, Page, Progress, VersionAt } from "../../ipc";
import * as ipc from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";

export interface Compared {
  versions: readonly VersionAt[];
  reference: number;
}

/** Files asked for at once. */
export const filesPageSize = 200;

/** Asked anew each time that the page opens: what was read elsewhere costs nothing any more. */
export const contentsCostQuery = ({ versions, reference }: Compared) =>
  queryOptions({
    queryKey: [...indexRoot, "comparisonCost", versions, reference] as const,
    queryFn: () => ipc.comparisonCost(versions, reference),
    staleTime: 0,
    gcTime: 60_000,
  });

/** Only started when the person, or a cost of nothing, says so. Not of the index: what digests hold stays true after a synchronisation. */
export const contentsQuery = ({ versions, reference }: Compared, onProgress?: (progress: Progress) => void) =>
  queryOptions({
    queryKey: ["content", "comparison", versions, reference] as const,
    queryFn: ({ signal }) => ipc.compareContents(versions, reference, { signal, onProgress }),
    // While they are held against another reference, the rows stay.
    placeholderData: (before: ComparedContents | undefined, query) =>
      hashKey([query?.queryKey[2]]) === hashKey([versions]) ? before : undefined,
    gcTime: 5 * 60_000,
  });

export const comparedFilesQuery = (compared: Compared, { view }: Pick<ComparedContents, "view">, text: string, page: number) =>
  queryOptions({
    queryKey: ["content", "comparedFiles", view, text, page] as const,
    queryFn: async ({ client }): Promise<Page<ComparedFile>> => {
      const read = () => ipc.comparedFiles(view, text, page * filesPageSize, filesPageSize);
      try {
        return await read();
      } catch (error) {
        if (ipc.toProblem(error).code !== "notFound") throw error;
        await openAgain(client, compared);
        return read();
      }
    },
    gcTime: 60_000,
  });

/** The program keeps a few comparisons only. What was read is still there, so nobody is asked; if it is not, it counts as not read. */
async function openAgain(client: QueryClient, compared: Compared): Promise<void> {
  const { bytesToRead } = await client.fetchQuery(contentsCostQuery(compared));
  const query = contentsQuery(compared);
  if (bytesToRead === 0) await client.fetchQuery({ ...query, staleTime: 0 });
  else client.getQueryCache().find({ queryKey: query.queryKey, exact: true })?.reset();
}
