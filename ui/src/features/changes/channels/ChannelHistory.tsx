/** Where a channel pointed, since when and by whom; and the way back to where it pointed before, with one click. */
import { Button, Skeleton } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ConnectionInfo, type Pointing, toProblem } from "../../../ipc";
import { channelHistoryQuery } from "../../../ipc/queries/changes";
import { Dialog } from "../../../shared/Dialog";
import dialog from "../../../shared/Dialog.module.css";
import { formatDay, formatFull, shortDigest, unknown } from "../../../shared/format";
import { Icon } from "../../../shared/Icon";
import { ProblemStrip } from "../../../shared/ProblemStrip";
import text from "../../../shared/text.module.css";
import classes from "./ChannelHistory.module.css";
import { type ChannelAddress, closeChannelHistory, rollBack, useAskedChannel } from "./channelHistory";

export function ChannelHistory({ connections }: { connections: readonly ConnectionInfo[] }) {
  const asked = useAskedChannel();
  const connection = connections.find((one) => one.id === asked?.connectionId);
  return (
    <Dialog opened={asked !== null} onClose={closeChannelHistory} title={asked ? `History of ${asked.channel}` : ""} size={520}>
      {asked ? <Content key={JSON.stringify(asked)} address={asked} connection={connection} /> : null}
    </Dialog>
  );
}

function Content({ address, connection }: { address: ChannelAddress; connection: ConnectionInfo | undefined }) {
  const { connectionId, repository, channel } = address;
  const { data, error, refetch } = useQuery(channelHistoryQuery(connectionId, repository, channel));
  const [now, before] = data ?? [];
  const offline = connection?.offlineSince != null;
  return (
    <>
      <p className={dialog.lead}>
        {connection?.name ?? connectionId}, {repository}. From Berth's journal and from moves seen while synchronising.
      </p>
      {error ? (
        <ProblemStrip problem={toProblem(error)} action={{ label: "Try again", run: () => void refetch() }} />
      ) : data === undefined ? (
        <Skeleton height={8} width="60%" my={7} />
      ) : data.length === 0 ? (
        <p className={text.small}>Berth has not seen {channel} yet.</p>
      ) : (
        <Pointings pointings={data} />
      )}
      <div className={dialog.actions}>
        <Button onClick={closeChannelHistory}>Close</Button>
        {now !== undefined && before !== undefined && now.until === null ? (
          <Button
            variant="filled"
            data-autofocus
            disabled={offline}
            title={offline ? "Offline: rolling back needs the network" : `${channel} moves from ${nameOf(now)} to ${nameOf(before)}`}
            leftSection={<Icon of={IconArrowBackUp} size="small" />}
            onClick={() => {
              closeChannelHistory();
              rollBack(address, nameOf(before));
            }}
          >
            Roll back to {nameOf(before)}
          </Button>
        ) : null}
      </div>
    </>
  );
}

function nameOf({ tags, digest }: Pointing): string {
  return tags[0] ?? shortDigest(digest);
}

function Pointings({ pointings }: { pointings: readonly Pointing[] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Digest</th>
            <th scope="col">Since</th>
            <th scope="col">Until</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {pointings.map((one) => (
            <tr key={`${one.digest} ${one.since}`}>
              <td title={one.tags.join(", ")}>{one.tags[0] ?? <span title="It has no other tag">{unknown}</span>}</td>
              <td className={text.mono} title={one.digest}>
                {shortDigest(one.digest)}
              </td>
              <td>
                <Moment iso={one.since} none="Since before Berth looked" />
              </td>
              <td>{one.until === null ? "now" : <Moment iso={one.until} none="" />}</td>
              <td title={one.by ?? undefined}>{one.by ?? <span title="Seen while synchronising: not moved by Berth">{unknown}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Moment({ iso, none }: { iso: string | null; none: string }) {
  return iso === null ? <span title={none}>{unknown}</span> : <span title={formatFull(iso)}>{formatDay(iso)}</span>;
}
