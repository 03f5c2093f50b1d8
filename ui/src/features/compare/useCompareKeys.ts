/** C compares what is chosen now, A puts it aside. */
import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../shared/keys";
import type { VersionAddress } from "../detail/detailQueries";
import { compareVersions } from "./comparing";
import { addToTray } from "./tray";

export function useCompareKeys(versions: readonly VersionAddress[]): void {
  const client = useQueryClient();
  const any = versions.length > 0;
  useAction("compare", () => void compareVersions(client, versions), any);
  useAction("addToComparison", () => addToTray(versions), any);
}
