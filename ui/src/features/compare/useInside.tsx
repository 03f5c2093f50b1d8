/** Packages and files on the page of a comparison: what is known, as rows, and the controls among them. */
import { useDebouncedValue } from "@mantine/hooks";
import { type RefObject, useMemo, useRef, useState } from "react";
import type { Comparison, Problem } from "../../ipc";
import { useAction } from "../../shared/keys";
import type { GridContents, GridHandle } from "./CompareGrid";
import { ContentsLine } from "./ContentsLine";
import type { ShownContents } from "./contents";
import type { Compared } from "./contentsQueries";
import { FilesFilter } from "./FilesFilter";
import { useComparedFiles } from "./useComparedFiles";
import { type Contents, useContents } from "./useContents";

interface Inside {
  shown: ShownContents;
  slots: GridContents;
  /** What could not be read of them. */
  problems: readonly string[];
  failure: { problem: Problem; retry: () => void } | null;
}

export function useInside(
  compared: Compared,
  comparison: Comparison,
  onlyDifferences: boolean,
  grid: RefObject<GridHandle | null>,
): Inside {
  const contents = useContents(compared, comparison);
  const { found } = contents;
  const [filter, setFilter] = useState("");
  const [text] = useDebouncedValue(filter.trim(), 180);
  const files = useComparedFiles(compared, contents, text);
  const field = useFilterKey(grid, found !== undefined);
  const instead = insteadOf(contents);
  const shown = useMemo(
    () => ({ found, instead, alike: !onlyDifferences, files: files.total }),
    [found, instead, onlyDifferences, files.total],
  );
  const { rowAt, look, problem, retry } = files;
  const failed = contents.problem ?? problem;
  return {
    shown,
    slots: {
      rowAt,
      look,
      unread: <ContentsLine contents={contents} />,
      filter: <FilesFilter field={field} value={filter} matching={files.total} total={found?.differingFiles ?? 0} onChange={setFilter} />,
    },
    problems: found?.problems ?? [],
    failure: failed === null ? null : { problem: failed, retry: contents.problem === null ? retry : contents.read },
  };
}

/** In place of the counts of the sections. */
function insteadOf({ reading, cost, costProblem }: Contents): string {
  if (reading !== null && cost?.bytesToRead !== 0) return "reading";
  return reading !== null || (cost === undefined && costProblem === null) ? "…" : "not read";
}

/** The field may not be drawn before the files come into view. */
function useFilterKey(grid: RefObject<GridHandle | null>, known: boolean) {
  const wanted = useRef(false);
  const field = useRef<HTMLInputElement | null>(null);
  useAction(
    "filterTags",
    () => {
      wanted.current = field.current === null;
      grid.current?.show("files");
      field.current?.focus({ preventScroll: true });
      field.current?.select();
    },
    known,
  );
  return (element: HTMLInputElement | null) => {
    field.current = element;
    if (element === null || !wanted.current) return;
    wanted.current = false;
    element.focus({ preventScroll: true });
  };
}
