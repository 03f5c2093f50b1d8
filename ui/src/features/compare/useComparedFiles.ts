/** The files that differ, of those whose path holds a text: as many as there are, read in pages as they come into view. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ComparedFile, Page, Problem } from "../../ipc";
import { toProblem } from "../../ipc";
import { type PagesInView, usePagesInView } from "../../shared/usePagesInView";
import { type Compared, comparedFilesQuery, filesPageSize } from "./contentsQueries";
import type { CompareRow } from "./sections";
import type { Contents } from "./useContents";

export interface ComparedFiles extends Pick<PagesInView, "look"> {
  total: number;
  /** The row of the file at a place; undefined while its page is read. */
  rowAt: (place: number) => CompareRow | undefined;
  problem: Problem | null;
  /** Asks again after a failure. */
  retry: () => void;
}

const nothing = { view: "", differingFiles: 0 };

export function useComparedFiles(compared: Compared, { found, stale }: Pick<Contents, "found" | "stale">, text: string): ComparedFiles {
  const { view, differingFiles } = found ?? nothing;
  const all = text === "";
  const of = (page: number) => ({ ...comparedFilesQuery(compared, { view }, text, page), enabled: view !== "" && !stale });
  // While the first page of another text is read, those of the text before stay counted.
  const matching = useQuery({
    ...of(0),
    enabled: view !== "" && !all && !stale,
    placeholderData: (before, query) => (query?.queryKey[2] === view ? before : undefined),
  });
  const total = all ? differingFiles : (matching.data?.total ?? differingFiles);
  const { pages: inView, look } = usePagesInView(total, filesPageSize);
  const pages = useMemo(() => inView.filter((page) => page * filesPageSize < total), [inView, total]);
  const { rows, error, retry } = useQueries({ queries: pages.map(of), combine });
  const rowAt = useMemo(() => {
    const byPage = new Map(pages.map((page, position) => [page, rows[position]?.map(rowOf(page * filesPageSize))]));
    return (place: number) => (stale ? undefined : byPage.get(Math.floor(place / filesPageSize))?.[place % filesPageSize]);
  }, [pages, rows, stale]);
  const failure = error ?? matching.error;
  return { total, rowAt, look, retry, problem: failure === null ? null : toProblem(failure) };
}

function rowOf(start: number) {
  return (file: ComparedFile, position: number): CompareRow => ({ kind: "files", place: start + position, file });
}

interface Answer {
  data: Page<ComparedFile> | undefined;
  error: Error | null;
  refetch: () => unknown;
}

function combine(answers: Answer[]) {
  return {
    rows: answers.map(({ data }) => data?.items),
    error: answers.find(({ error }) => error !== null)?.error ?? null,
    retry: () => {
      for (const { error, refetch } of answers) if (error !== null) refetch();
    },
  };
}
