/** What can be done with a connection or a repository: opened by the secondary button, the menu key, or the dots of a row. */
import { Kbd, Menu } from "@mantine/core";
import { IconBrush, IconCopy, IconPencil, IconPin, IconPinnedOff, IconRefresh, IconStethoscope, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type ConnectionInfo, pinRepositories, unpinRepository } from "../../ipc";
import { indexRoot } from "../../ipc/queries/keys";
import { copyText } from "../../shared/clipboard";
import { Icon } from "../../shared/Icon";
import { useKeyName } from "../../shared/keys";
import { startSync } from "../sync/activity";
import classes from "./Sidebar.module.css";
import type { TreeRow } from "./tree";

export interface MenuPlace {
  row: TreeRow;
  x: number;
  y: number;
}

interface TreeMenuProps {
  place: MenuPlace | null;
  onClose: () => void;
  onEdit: (connection: ConnectionInfo) => void;
  onRemove: (connection: ConnectionInfo) => void;
  onPin: (connection: ConnectionInfo) => void;
  onCheck: (connection: ConnectionInfo) => void;
  onPrune: (connectionId: string, repository: string) => void;
}

export function TreeMenu({ place, onClose, onEdit, onRemove, onPin, onCheck, onPrune }: TreeMenuProps) {
  return (
    <Menu opened={place !== null} onClose={onClose} position="bottom-start" offset={2} returnFocus>
      <Menu.Target>
        <span aria-hidden className={classes.anchor} style={{ left: place?.x ?? 0, top: place?.y ?? 0 }} />
      </Menu.Target>
      <Menu.Dropdown>
        {place?.row.kind === "repository" ? (
          <RepositoryItems row={place.row} onPrune={onPrune} />
        ) : place ? (
          <ConnectionItems connection={place.row.connection} onEdit={onEdit} onRemove={onRemove} onPin={onPin} onCheck={onCheck} />
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function ConnectionItems({
  connection,
  onEdit,
  onRemove,
  onPin,
  onCheck,
}: Pick<TreeMenuProps, "onEdit" | "onRemove" | "onPin" | "onCheck"> & { connection: ConnectionInfo }) {
  return (
    <>
      <Menu.Item leftSection={<Icon of={IconRefresh} size="small" />} onClick={() => void startSync(connection.id, null)}>
        Synchronise
      </Menu.Item>
      <Menu.Item leftSection={<Icon of={IconStethoscope} size="small" />} onClick={() => onCheck(connection)}>
        Check…
      </Menu.Item>
      <Menu.Item leftSection={<Icon of={IconPin} size="small" />} onClick={() => onPin(connection)}>
        Pin repositories by name…
      </Menu.Item>
      <Menu.Item leftSection={<Icon of={IconPencil} size="small" />} onClick={() => onEdit(connection)}>
        Edit {connection.name}…
      </Menu.Item>
      <Menu.Item leftSection={<Icon of={IconTrash} size="small" />} onClick={() => onRemove(connection)}>
        Remove {connection.name}…
      </Menu.Item>
    </>
  );
}

function RepositoryItems({ row, onPrune }: Pick<TreeMenuProps, "onPrune"> & { row: Extract<TreeRow, { kind: "repository" }> }) {
  const pruneKey = useKeyName("prune");
  const client = useQueryClient();
  const { connection, repository } = row;
  const pin = async () => {
    await (repository.pinned ? unpinRepository(connection.id, repository.name) : pinRepositories(connection.id, [repository.name]));
    await client.invalidateQueries({ queryKey: indexRoot });
  };
  return (
    <>
      <Menu.Item leftSection={<Icon of={IconRefresh} size="small" />} onClick={() => void startSync(connection.id, repository.name)}>
        Synchronise
      </Menu.Item>
      <Menu.Item leftSection={<Icon of={repository.pinned ? IconPinnedOff : IconPin} size="small" />} onClick={() => void pin()}>
        {repository.pinned ? "Unpin" : "Pin"}
      </Menu.Item>
      <Menu.Item
        leftSection={<Icon of={IconCopy} size="small" />}
        onClick={() => void copyText(`${connection.location}/${repository.name}`, "Copied the name")}
      >
        Copy the name
      </Menu.Item>
      <Menu.Item
        leftSection={<Icon of={IconBrush} size="small" />}
        rightSection={<Kbd>{pruneKey}</Kbd>}
        onClick={() => onPrune(connection.id, repository.name)}
      >
        Prune…
      </Menu.Item>
    </>
  );
}
