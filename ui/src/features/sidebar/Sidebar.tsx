/** The sidebar: a filter, and the connections with their repositories as a tree. */
import { Kbd, TextInput } from "@mantine/core";
import { IconFilter2, IconHistory, IconPlus } from "@tabler/icons-react";
import { useDeferredValue, useRef, useState } from "react";
import type { ConnectionInfo } from "../../ipc";
import { Icon } from "../../shared/Icon";
import { IconButton } from "../../shared/IconButton";
import { useAction, useKeyName, useRunAction } from "../../shared/keys";
import { RepositoryTree } from "./RepositoryTree";
import classes from "./Sidebar.module.css";

export interface SidebarProps {
  connections: readonly ConnectionInfo[];
  selected: { connectionId: string; repository: string } | null;
  onOpen: (connectionId: string, repository: string) => void;
  onEdit: (connection: ConnectionInfo) => void;
  onRemove: (connection: ConnectionInfo) => void;
  onPin: (connection: ConnectionInfo) => void;
  onCheck: (connection: ConnectionInfo) => void;
  onPrune: (connectionId: string, repository: string) => void;
}

export function Sidebar(props: SidebarProps) {
  const [filter, setFilter] = useState("");
  const deferred = useDeferredValue(filter);
  const field = useRef<HTMLInputElement>(null);
  const tree = useRef<HTMLDivElement>(null);
  const run = useRunAction();
  const addKey = useKeyName("addConnection");
  const filterKey = useKeyName("filterRepositories");
  useAction("filterRepositories", () => field.current?.select());
  return (
    <nav className={classes.side} aria-label="Connections" data-pane>
      <div className={classes.filter}>
        <TextInput
          ref={field}
          size="sm"
          aria-label="Filter repositories"
          placeholder="Filter repositories"
          leftSection={<Icon of={IconFilter2} size="small" />}
          leftSectionWidth={28}
          rightSection={filter === "" ? <Kbd>{filterKey}</Kbd> : null}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && filter !== "") setFilter("");
            else if (event.key === "ArrowDown" || event.key === "Enter" || event.key === "Escape") tree.current?.focus();
          }}
        />
      </div>
      <div className={classes.head}>
        <h2>Connections</h2>
        <IconButton small icon={IconPlus} label="Add a connection" hotkey={addKey} onClick={() => run("addConnection")} />
      </div>
      <RepositoryTree {...props} filter={deferred} tree={tree} />
      <div className={classes.foot}>
        <button type="button" className={classes.page} onClick={() => run("journal")}>
          <Icon of={IconHistory} />
          <span className={classes.name}>Journal</span>
          <Kbd>{useKeyName("journal")}</Kbd>
        </button>
      </div>
    </nav>
  );
}
