/** What a version is called: its first tag, else its digest. */
import type { VersionDetail } from "../../ipc";

export function versionName(detail: Pick<VersionDetail, "tags"> | undefined, digest: string): string {
  return detail?.tags[0]?.name ?? shortDigest(digest);
}

/** The first 8 hexadecimal digits. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, 8);
}
