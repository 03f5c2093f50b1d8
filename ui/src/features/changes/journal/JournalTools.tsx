/** Which changes are shown: of one connection, of one repository of it, of one kind. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ConnectionInfo, JournalQuery } from "../../../ipc";
import { repositoriesQuery } from "../../../ipc/queries/repositories";
import { Choice } from "../../../shared/Choice";
import { counted } from "../../../shared/format";
import { kindName } from "../running/words";
import classes from "./Journal.module.css";

const kinds = ["promote", "rollback", "prune", "delete", "copy", "undo"];
/** Repositories that are listed at once; typing finds the others. */
const repositoriesListed = 100;

interface JournalToolsProps {
  query: JournalQuery;
  onQuery: (query: JournalQuery) => void;
  connections: readonly ConnectionInfo[];
  total: number | undefined;
}

export function JournalTools({ query, onQuery, connections, total }: JournalToolsProps) {
  const { connectionId } = query;
  const repositories = useQuery({ ...repositoriesQuery(connectionId ?? ""), enabled: connectionId !== null }).data ?? [];
  const all = { value: "", label: "All" };
  return (
    <div className={classes.tools} role="toolbar" aria-label="Filters">
      <Choice
        name="Connection"
        prefix="Connection: "
        value={connectionId ?? ""}
        options={[all, ...connections.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(id) => onQuery({ ...query, connectionId: id || null, repository: null })}
      />
      {connectionId === null ? null : (
        <Select
          aria-label="Repository"
          placeholder="All repositories"
          searchable
          clearable
          limit={repositoriesListed}
          className={classes.repositories}
          data={repositories.map((row) => row.name)}
          value={query.repository}
          nothingFoundMessage="No repository of this name"
          onChange={(repository) => onQuery({ ...query, repository })}
        />
      )}
      <Choice
        name="Kind"
        prefix="Kind: "
        value={query.kind ?? ""}
        options={[all, ...kinds.map((kind) => ({ value: kind, label: kindName(kind) }))]}
        onChange={(kind) => onQuery({ ...query, kind: kind || null })}
      />
      <span className={classes.grow} />
      <span role="status" className={classes.count}>
        {total === undefined ? "" : counted(total, "change")}
      </span>
    </div>
  );
}
