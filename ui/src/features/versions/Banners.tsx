/** What one should know before reading the rows: offline, a problem of the connection, a list that is not complete. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff } from "@tabler/icons-react";
import type { ConnectionInfo, Problem, VersionsPage } from "../../ipc";
import { Banner } from "../../shared/Banner";
import { counted, formatAge, formatClock, useFormat } from "../../shared/format";
import { ProblemStrip } from "../../shared/ProblemStrip";
import { problemOf, startSync, useActivity } from "../sync/activity";

interface BannersProps {
  connection: ConnectionInfo;
  repository: string;
  summary: VersionsPage | undefined;
  problem: Problem | null;
  onEdit: (connection: ConnectionInfo) => void;
  onRetry: () => void;
}

export function Banners({ connection, repository, summary, problem, onEdit, onRetry }: BannersProps) {
  const activity = useActivity();
  const trouble = connection.problem ?? problemOf(activity, connection.id, repository);
  const again = () => void startSync(connection.id, repository);
  if (problem !== null) return <ProblemStrip banner problem={problem} action={{ label: "Try again", run: onRetry }} />;
  if (connection.offlineSince !== null) return <Offline connection={connection} onRetry={again} />;
  if (trouble !== null) return <Trouble connection={connection} problem={trouble} onEdit={onEdit} onRetry={again} />;
  if (summary !== undefined && !summary.complete) {
    return (
      <Banner
        icon={IconAlertTriangle}
        action={
          <Button size="xs" onClick={again}>
            Try again
          </Button>
        }
      >
        <b>Not all tags are known.</b> {summary.partialReason ?? "The registry ended its list early."}
      </Banner>
    );
  }
  return null;
}

function Offline({ connection, onRetry }: { connection: ConnectionInfo; onRetry: () => void }) {
  const { now } = useFormat();
  const since = connection.syncedAt ?? connection.offlineSince;
  const shown = since === null ? "" : `Shown as of ${formatClock(since)}, ${formatAge(since, now)} ago.`;
  return (
    <Banner
      icon={IconCloudOff}
      action={
        <Button size="xs" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <b>Offline.</b> {shown} Synchronising and promoting need the network.
    </Banner>
  );
}

function Trouble({
  connection,
  problem,
  onEdit,
  onRetry,
}: {
  connection: ConnectionInfo;
  problem: Problem;
  onEdit: BannersProps["onEdit"];
  onRetry: () => void;
}) {
  const still = problem.hint ?? `Its ${counted(connection.tags, "tag")} are shown as last seen.`;
  const edit = () => onEdit(connection);
  switch (problem.code) {
    case "loginExpired":
    case "loginRequired":
      return <ProblemStrip banner problem={problem} still={still} action={{ label: "Log in again", run: edit, main: true }} />;
    case "untrustedCertificate":
      return <ProblemStrip banner problem={problem} still={still} action={{ label: "Choose CA file…", run: edit }} />;
    case "denied":
    case "notARegistry":
    case "invalidInput":
      return <ProblemStrip banner problem={problem} still={still} action={{ label: "Edit connection…", run: edit }} />;
    case "rateLimited":
      return <ProblemStrip banner problem={problem} still={still} />;
    default:
      return <ProblemStrip banner problem={problem} still={still} action={{ label: "Try again", run: onRetry }} />;
  }
}
