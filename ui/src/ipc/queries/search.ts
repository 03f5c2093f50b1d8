/** Query keys of the search over the index. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import * as ipc from "..";
import { indexRoot } from "./keys";

const hitLimit = 40;

export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: [...indexRoot, "search", text] as const,
    queryFn: () => ipc.search(text, null, hitLimit),
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
