/** Y copies the pull commands and Shift+Y the digests of what is chosen now, also while the pane beside it still shows something else. */
import { useQueryClient } from "@tanstack/react-query";
import { copyText } from "../../shared/clipboard";
import { counted } from "../../shared/format";
import { useAction } from "../../shared/keys";
import { copyPullCommands, type PulledVersion } from "./copyPullCommands";
import { usePullChoice } from "./pullChoice";

export function usePullKeys(versions: readonly PulledVersion[]): void {
  const client = useQueryClient();
  const choice = usePullChoice();
  const any = versions.length > 0;
  const digests = versions.map((version) => version.digest);
  const copied = digests.length === 1 ? "Digest copied" : `Copied ${counted(digests.length, "digest")}`;
  useAction("copyPullCommand", () => void copyPullCommands(client, versions, choice), any);
  useAction("copyDigest", () => void copyText(digests.join("\n"), copied), any);
}
