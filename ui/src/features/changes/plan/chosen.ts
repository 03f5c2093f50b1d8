/** What somebody chose to delete by hand, on its way from the list to the plan. */
import { createStore } from "../../../shared/store";

export interface Chosen {
  connectionId: string;
  repository: string;
  /** Versions, with all their tags. */
  digests: readonly string[];
  /** Tags of versions that were not read. */
  tags: readonly string[];
}

const store = createStore<Chosen | null>(null);

export const chooseToDelete = store.put;
export const useChosen = store.use;
