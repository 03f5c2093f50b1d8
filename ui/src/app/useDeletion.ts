/** From a repository's versions to the plan that deletes: what is chosen, else the row at the cursor; and the clean-up. */
import { useState } from "react";
import { chooseToDelete } from "../features/changes/plan/chosen";
import type { MenuPlace } from "../features/versions/VersionMenu";
import type { VersionRow } from "../ipc";
import { useAction } from "../shared/keys";
import { go } from "./navigation";

/** Goes to the plan that deletes these versions, or tags of versions that were not read. */
export function goDelete(connectionId: string, repository: string, digests: readonly string[], tags: readonly string[] = []): void {
  chooseToDelete({ connectionId, repository, digests, tags });
  go({ page: "plan", connectionId, repository, change: "delete" });
}

export function useDeletion(connectionId: string, repository: string, digests: readonly string[], current: VersionRow | undefined) {
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const isRead = current !== undefined && current.digest !== null;
  const chosen = digests.length > 0 ? digests : isRead && current.digest !== null ? [current.digest] : [];
  const tags = chosen.length === 0 ? (current?.tags.map((tag) => tag.name) ?? []) : [];
  useAction("delete", () => goDelete(connectionId, repository, chosen, tags), chosen.length + tags.length > 0);
  useAction("prune", () => go({ page: "plan", connectionId, repository, change: "prune" }));
  return { menu, setMenu };
}
