/** What a version is called: its first tag, else its digest. */
import type { VersionDetail } from "../../ipc";
import { shortDigest } from "../../shared/format";

export function versionName(detail: Pick<VersionDetail, "tags"> | undefined, digest: string): string {
  return detail?.tags[0]?.name ?? shortDigest(digest);
}
