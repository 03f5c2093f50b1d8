/** The line at the foot of the window: age of what is shown, what runs, what waits and until when. */
import { Kbd } from "@mantine/core";
import { IconCheck, IconClock, IconCloudOff, IconKey, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type ConnectionInfo, useWaits, type Wait } from "../../ipc";
import { counted, formatClock, formatCount, formatRelative, useFormat } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useEscape } from "../../shared/keys";
import text from "../../shared/text.module.css";
import { cancelSync, type RunningSync, useActivity } from "./activity";
import classes from "./StatusBar.module.css";

interface StatusBarProps {
  connections: readonly ConnectionInfo[];
  /** The connection on screen; its age is shown. */
  current: ConnectionInfo | undefined;
  /** What is said instead of the age while nothing runs. */
  idle?: string | undefined;
  /** What the view counts, at the right. */
  notes?: readonly string[];
  onEdit: (connection: ConnectionInfo) => void;
}

export function StatusBar({ connections, current, idle, notes = [], onEdit }: StatusBarProps) {
  const { running } = useActivity();
  const [wait] = useWaits().values();
  const shown = running.find((one) => one.connectionId === current?.id) ?? running[0];
  useEscape(cancelSync, shown !== undefined);
  const expired = connections.filter((connection) => connection.loginState === "expired");
  const [firstExpired] = expired;
  return (
    <StatusLine>
      <span role="status" className={classes.state}>
        {shown ? (
          <Running sync={shown} more={running.length - 1} />
        ) : wait ? (
          <Waiting wait={wait} />
        ) : idle ? (
          <Idle words={idle} />
        ) : (
          <Age connection={current} />
        )}
      </span>
      {firstExpired ? (
        <button
          type="button"
          className={classes.expired}
          title={`Log in to ${firstExpired.name} again`}
          onClick={() => onEdit(firstExpired)}
        >
          <Icon of={IconKey} size="smallest" />
          {counted(expired.length, "login")} expired
        </button>
      ) : null}
      <span className={classes.grow} />
      {notes.map((note) => (
        <span key={note} className={classes.note}>
          {note}
        </span>
      ))}
      {shown ? (
        <button type="button" className={classes.cancel} onClick={cancelSync}>
          Cancel <Kbd>Esc</Kbd>
        </button>
      ) : null}
    </StatusLine>
  );
}

export function StatusLine({ children }: { children: ReactNode }) {
  return <footer className={classes.line}>{children}</footer>;
}

function Running({ sync, more }: { sync: RunningSync; more: number }) {
  const others = more > 0 ? ` · ${more} more` : "";
  if (sync.waiting) return <Waiting wait={sync.waiting} others={others} />;
  const step = sync.step;
  const progress = step
    ? `${step.what}, ${formatCount(step.done)}${step.total === null ? "" : ` of ${formatCount(step.total)}`}`
    : "Connecting";
  return (
    <>
      <Icon of={IconRefresh} size="smallest" />
      <span className={text.cut}>{`${progress} · ${counted(sync.requests, "request")}${others}`}</span>
    </>
  );
}

const reasons = { rateLimited: "rate limited", serverBusy: "busy", unreachable: "cannot be reached" };

function Waiting({ wait, others = "" }: { wait: Omit<Wait, "type">; others?: string }) {
  return (
    <>
      <Icon of={IconClock} size="smallest" className={classes.warnIcon} />
      <span className={text.cut}>{`${wait.host} ${reasons[wait.reason]}, goes on at ${formatClock(wait.until)}${others}`}</span>
    </>
  );
}

function Idle({ words }: { words: string }) {
  return (
    <>
      <Icon of={IconCheck} size="smallest" />
      <span className={text.cut}>{words}</span>
    </>
  );
}

function Age({ connection }: { connection: ConnectionInfo | undefined }) {
  const { now } = useFormat();
  const { reports } = useActivity();
  if (connection === undefined) return null;
  const tags = counted(connection.tags, "tag");
  if (connection.offlineSince !== null) {
    return (
      <span className={classes.warn}>
        <Icon of={IconCloudOff} size="smallest" />
        Offline since {formatClock(connection.offlineSince)} · {tags} in the index
      </span>
    );
  }
  if (connection.syncedAt === null) return <span className={text.cut}>{connection.name} was not synchronised yet</span>;
  const requests = reports[connection.id]?.requests ?? 0;
  return (
    <>
      <Icon of={IconCheck} size="smallest" />
      <span className={text.cut}>
        {`${connection.name} synced ${formatRelative(connection.syncedAt, now)} · ${tags}${requests === 0 ? "" : ` · ${counted(requests, "request")}`}`}
      </span>
    </>
  );
}
