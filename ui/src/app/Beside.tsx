/** What stands beside the versions: the detail of one, the sums of several, or what is known of one that was not read. */
import type { VersionAddress } from "../features/detail/detailQueries";
import { UnreadPane } from "../features/detail/UnreadPane";
import { VersionDetailPane } from "../features/detail/VersionDetailPane";
import { SelectionPane } from "../features/selection/SelectionPane";
import type { VersionRow, VersionsPage } from "../ipc";

interface BesideProps {
  connectionId: string;
  repository: string;
  digests: readonly string[];
  /** The row of the cursor, where nothing but its name is known. */
  unread: VersionRow | null;
  platform: string | null;
  onOpenPage: (digest: string, tab?: string) => void;
  onClear: () => void;
  onClose: () => void;
}

export function Beside({ digests, unread, platform, onOpenPage, onClear, onClose, ...address }: BesideProps) {
  const [digest] = digests;
  if (unread !== null) return <UnreadPane {...address} row={unread} onClose={onClose} />;
  if (digest === undefined) return null;
  return digests.length > 1 ? (
    <SelectionPane {...address} digests={digests} onClear={onClear} />
  ) : (
    <VersionDetailPane {...address} digest={digest} platform={platform} onOpenPage={(tab) => onOpenPage(digest, tab)} onClose={onClose} />
  );
}

/** The chosen versions, else the one at the cursor; none in a repository without versions. */
export function shownDigests(chosen: readonly string[], current: string | null, summary: VersionsPage | undefined): readonly string[] {
  if (chosen.length > 0) return chosen;
  return current === null || summary?.totalVersions === 0 ? [] : [current];
}

/** The one version that the keys mean; null where several are chosen, or none. */
export function onlyVersion(connectionId: string, repository: string, digests: readonly string[]): VersionAddress | null {
  const [digest] = digests;
  return digest === undefined || digests.length > 1 ? null : { connectionId, repository, digest };
}
