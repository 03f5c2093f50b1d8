/** Notices that the index or the settings changed, by this window or by berthctl, and reads again what is on screen. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { revision as currentRevision } from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import { settingsKeys } from "../../ipc/queries/settings";

const everyMilliseconds = 1000;
/** Not the keychain: it is asked when somebody looks at it. */
const changing = [indexRoot, settingsKeys.values];

export function useIndexWatch(): void {
  const client = useQueryClient();
  useEffect(() => {
    let last: number | null = null;
    let asking = false;
    const look = async () => {
      if (asking || document.visibilityState === "hidden") return;
      asking = true;
      try {
        const revision = await currentRevision();
        if (last !== null && revision !== last) await Promise.all(changing.map((queryKey) => client.invalidateQueries({ queryKey })));
        last = revision;
      } catch {
        // The pane that needs the index says what is wrong with it.
      } finally {
        asking = false;
      }
    };
    void look();
    const timer = setInterval(look, everyMilliseconds);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [client]);
}
