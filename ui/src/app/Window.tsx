/** The window: what every page needs, and which page is shown. */
import { Notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useIndexWatch } from "../features/sync/useIndexWatch";
import { useRefresh } from "../features/sync/useRefresh";
import { toProblem } from "../ipc";
import { connectionsQuery, startQuery } from "../ipc/queries/connections";
import { settingsQuery } from "../ipc/queries/settings";
import { FormatProvider } from "../shared/format";
import { KeysProvider } from "../shared/keys";
import { LayerTip } from "../shared/layers";
import { ProblemStrip } from "../shared/ProblemStrip";
import { Pages } from "./Pages";
import { useAppearance } from "./useAppearance";
import classes from "./Window.module.css";

const noKeys: { action: string; key: string }[] = [];

export function Window() {
  const start = useQuery(startQuery);
  const settings = useQuery({ ...settingsQuery, initialData: start.data?.settings, enabled: start.isSuccess }).data ?? start.data?.settings;
  const connections = useQuery({ ...connectionsQuery, enabled: start.isSuccess }).data ?? start.data?.connections;
  useAppearance(settings);
  useIndexWatch();
  useRefresh(connections, settings);
  if (start.error) {
    return (
      <main className={classes.window}>
        <ProblemStrip problem={toProblem(start.error)} action={{ label: "Try again", run: () => void start.refetch() }} />
      </main>
    );
  }
  return (
    <FormatProvider sizes={settings?.sizes ?? "si"} times={settings?.times ?? "relative"}>
      <KeysProvider changed={settings?.keys ?? noKeys}>
        <div className={classes.window}>
          {start.data && connections && settings ? <Pages start={start.data} connections={connections} settings={settings} /> : null}
        </div>
        <LayerTip />
        {/* Within keys and formats: a toast names its key. */}
        <Notifications position="bottom-right" limit={2} autoClose={10_000} transitionDuration={0} />
      </KeysProvider>
    </FormatProvider>
  );
}
