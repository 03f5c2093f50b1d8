/** From versions to their comparison: several with each other, one with production or with the one before it. */
import { notifications } from "@mantine/notifications";
import type { QueryClient } from "@tanstack/react-query";
import { go } from "../../app/navigation";
import { mostCompared } from "../../app/navigation/compareRoute";
import { toProblem } from "../../ipc";
import { settingsQuery } from "../../ipc/queries/settings";
import { formatCount } from "../../shared/format";
import { type VersionAddress, versionDetailQuery } from "../detail/detailQueries";
import { channelVersionQuery, previousQuery, productionChannel } from "./partners";

export const tooMany = (count: number) => `At most ${mostCompared} versions can be compared; these are ${formatCount(count)}`;

/** Opens the page. The first is the reference. */
export function openComparison(versions: readonly VersionAddress[]): void {
  const at = versions.map(({ connectionId, repository, digest }) => ({ connectionId, repository, digest, platform: null }));
  go({ page: "compare", versions: at, reference: 0 });
}

/** What the key does: one version with production, else with the one before it; several with each other, oldest first. */
export function compareVersions(client: QueryClient, versions: readonly VersionAddress[]): Promise<void> {
  return told(async () => {
    const [one] = versions;
    if (one === undefined) return;
    if (versions.length > mostCompared) return say(tooMany(versions.length));
    if (versions.length > 1) return openComparison(await oldestFirst(client, versions));
    const production = await productionOf(client, one);
    if (production !== null && production.digest !== one.digest) return openComparison([production, one]);
    await withPrevious(client, one);
  });
}

export function compareWithPrevious(client: QueryClient, version: VersionAddress): Promise<void> {
  return told(() => withPrevious(client, version));
}

async function withPrevious(client: QueryClient, version: VersionAddress): Promise<void> {
  const previous = await client.fetchQuery(previousQuery(version));
  if (previous === null) say("There is no version before this one to compare it with");
  else openComparison([previous, version]);
}

async function productionOf(client: QueryClient, version: VersionAddress): Promise<VersionAddress | null> {
  const { channels } = await client.fetchQuery(settingsQuery);
  return client.fetchQuery(channelVersionQuery(version, productionChannel(channels)));
}

/** By the time of their making; those of which it is not known last. */
async function oldestFirst(client: QueryClient, versions: readonly VersionAddress[]): Promise<readonly VersionAddress[]> {
  const created = async (version: VersionAddress) => {
    const detail = await client.fetchQuery(versionDetailQuery(version, null)).catch(() => null);
    return { version, time: detail?.created == null ? Number.POSITIVE_INFINITY : Date.parse(detail.created) };
  };
  const timed = await Promise.all(versions.map(created));
  return timed.sort((one, other) => (one.time === other.time ? 0 : one.time < other.time ? -1 : 1)).map(({ version }) => version);
}

async function told(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    say(toProblem(error).message);
  }
}

function say(message: string): void {
  notifications.show({ message });
}
