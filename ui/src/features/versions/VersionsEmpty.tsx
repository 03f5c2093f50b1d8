/** A table without rows: a filter that matches nothing, or a repository that has none or was not read yet. */
import { Button, Kbd } from "@mantine/core";
import { IconFilter2, IconStack2 } from "@tabler/icons-react";
import type { ConnectionInfo, VersionsPage } from "../../ipc";
import { EmptyState } from "../../shared/EmptyState";
import { counted, formatRelative, useFormat } from "../../shared/format";
import { TagChip } from "../../shared/tags/TagChip";
import { startSync, useActivity } from "../sync/activity";
import classes from "./VersionsEmpty.module.css";
import { isFiltered, noFilter, type ViewState } from "./viewState";

interface FilterEmptyProps {
  view: ViewState;
  change: (change: (before: ViewState) => ViewState) => void;
  repository: string;
  /** Marks of channels, by name, so that the closest tag looks as in the table. */
  channels: readonly { name: string; mark: "full" | "half" | "ring" }[];
  onSearchEverywhere: (text: string) => void;
}

interface VersionsEmptyProps extends FilterEmptyProps {
  connection: ConnectionInfo;
  /** Undefined: the repository was never read. */
  summary: VersionsPage | undefined;
}

export function VersionsEmpty({ connection, summary, ...props }: VersionsEmptyProps) {
  return summary !== undefined && isFiltered(props.view.filter) ? (
    <FilterEmpty {...props} summary={summary} />
  ) : (
    <RepositoryEmpty connection={connection} repository={props.repository} read={summary !== undefined && summary.syncedAt !== null} />
  );
}

function FilterEmpty({ view, change, repository, summary, channels, onSearchEverywhere }: FilterEmptyProps & { summary: VersionsPage }) {
  const { now } = useFormat();
  const text = view.filter.text;
  const closest = summary.closest;
  return (
    <EmptyState
      icon={IconFilter2}
      title={text === "" ? "No version matches the filters" : `No tag matches “${text}”`}
      actions={
        <>
          <Button rightSection={<Kbd>Esc</Kbd>} onClick={() => change((before) => ({ ...before, filter: noFilter }))}>
            Clear the filter
          </Button>
          {text === "" ? null : (
            <Button rightSection={<Kbd>Enter</Kbd>} onClick={() => onSearchEverywhere(text)}>
              Search everywhere
            </Button>
          )}
        </>
      }
      foot={summary.syncedAt === null ? "Searched in the index" : `Searched in the index as of ${formatRelative(summary.syncedAt, now)}`}
    >
      {counted(summary.tags, "tag")} in {repository}.
      {closest === null ? null : (
        <>
          {" Closest: "}
          <button
            type="button"
            className={classes.closest}
            onClick={() => change((before) => ({ ...before, filter: { ...noFilter, text: closest } }))}
          >
            <TagChip tag={{ name: closest, channel: channels.find((channel) => channel.name === closest)?.mark ?? null }} />
          </button>
        </>
      )}
    </EmptyState>
  );
}

function RepositoryEmpty({ connection, repository, read }: { connection: ConnectionInfo; repository: string; read: boolean }) {
  const { running } = useActivity();
  const runs = running.some((one) => one.connectionId === connection.id);
  return (
    <EmptyState
      icon={IconStack2}
      title={read ? `No tags in ${repository}` : runs ? `Reading ${repository}` : `${repository} was not read yet`}
      actions={
        <Button disabled={runs} onClick={() => void startSync(connection.id, repository)}>
          {runs ? "Synchronising" : "Synchronise"}
        </Button>
      }
    >
      {read ? "The registry lists the repository, but no tag in it." : "Berth shows a repository once its tags were read."}
    </EmptyState>
  );
}
