/** From a version to the page on which it is copied elsewhere. */
import type { VersionAddress } from "../features/detail/detailQueries";
import { go } from "./navigation";

export function goCopy({ connectionId, repository, digest }: VersionAddress): void {
  go({ page: "copy", change: "copy", connectionId, repository, digest, by: null });
}
