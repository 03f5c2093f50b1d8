/** Which changes are shown: by name, connection, repository, kind, state and time. */
import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconFilter2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConnectionInfo, JournalQuery } from "../../../ipc";
import { repositoriesQuery } from "../../../ipc/queries/repositories";
import { Choice } from "../../../shared/Choice";
import { Icon } from "../../../shared/Icon";
import { kindName } from "../running/words";
import classes from "./Journal.module.css";
import { stateName } from "./StateMark";

const kinds = ["promote", "rollback", "prune", "delete", "copy", "undo"];
const states = ["interrupted", "running", "done", "partial", "failed", "cancelled", "undone"];
/** As the program takes them. */
const times = [
  { value: "", label: "the beginning" },
  { value: "1d", label: "yesterday" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "90d", label: "90 days" },
  { value: "365d", label: "a year" },
];
/** Repositories that are listed at once; typing finds the others. */
const repositoriesListed = 100;
/** The list is asked for when typing rests. */
const typingMilliseconds = 150;

interface JournalToolsProps {
  query: JournalQuery;
  onQuery: (query: JournalQuery) => void;
  connections: readonly ConnectionInfo[];
  /** How many there are, in words. */
  count: string;
}

export function JournalTools({ query, onQuery, connections, count }: JournalToolsProps) {
  const { connectionId } = query;
  const repositories = useQuery({ ...repositoriesQuery(connectionId ?? ""), enabled: connectionId !== null }).data ?? [];
  const all = { value: "", label: "All" };
  return (
    <div className={classes.tools} role="toolbar" aria-label="Filters">
      <TextFilter text={query.text ?? ""} onText={(text) => onQuery({ ...query, text: text || null })} />
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
      <Choice
        name="State"
        prefix="State: "
        value={query.state ?? ""}
        options={[all, ...states.map((state) => ({ value: state, label: stateName(state) }))]}
        onChange={(state) => onQuery({ ...query, state: state || null })}
      />
      <Choice
        name="Since"
        prefix="Since: "
        value={query.since ?? ""}
        options={times}
        onChange={(since) => onQuery({ ...query, since: since || null })}
      />
      <span className={classes.grow} />
      <span role="status" className={classes.count}>
        {count}
      </span>
    </div>
  );
}

/** What is typed stands at once; the list follows when typing rests, and what clears the filters clears it. */
function TextFilter({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [typed, setTyped] = useState({ of: text, text });
  const settle = useDebouncedCallback(onText, typingMilliseconds);
  const shown = typed.of === text ? typed.text : text;
  const change = (next: string) => {
    setTyped({ of: text, text: next });
    settle(next);
  };
  return (
    <TextInput
      size="xs"
      className={classes.textFilter}
      aria-label="Filter repositories, tags"
      placeholder="Filter repositories, tags"
      leftSection={<Icon of={IconFilter2} size="small" />}
      value={shown}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || shown === "") return;
        event.preventDefault();
        event.stopPropagation();
        change("");
      }}
    />
  );
}
