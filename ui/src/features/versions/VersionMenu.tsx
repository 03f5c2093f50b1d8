/** What can be done with a row or with all that is chosen: opened by the secondary button or the menu key. */
import { Kbd, Menu } from "@mantine/core";
import {
  IconArrowsDiagonal,
  IconColumns2,
  IconCopy,
  IconHash,
  IconRowInsertBottom,
  IconTransferOut,
  IconTrash,
  type Icon as TablerIcon,
} from "@tabler/icons-react";
import { mostCompared } from "../../app/navigation/compareRoute";
import { formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { type ActionId, displayCombination, useCanRun, useKeyNames, useRunAction } from "../../shared/keys";
import text from "../../shared/text.module.css";
import { CompareItems } from "../compare/CompareItems";
import type { VersionAddress } from "../detail/detailQueries";
import classes from "./VersionsTools.module.css";

export interface MenuPlace {
  x: number;
  y: number;
  /** The row that it was opened at; null: nothing but its name is known. */
  digest: string | null;
}

interface VersionMenuProps {
  place: MenuPlace | null;
  /** Where the versions are. */
  at: Omit<VersionAddress, "digest">;
  /** How many versions are chosen; 0: it is about the row. */
  count: number;
  onClose: () => void;
  onOpen: (digest: string) => void;
}

const items: readonly { action: ActionId; icon: TablerIcon; one: string; many: (count: string) => string; danger?: boolean }[] = [
  { action: "addToComparison", icon: IconRowInsertBottom, one: "Add to comparison", many: (count) => `Add ${count} to comparison` },
  { action: "copyPullCommand", icon: IconCopy, one: "Copy pull command", many: (count) => `Copy ${count} pull commands` },
  { action: "copyDigest", icon: IconHash, one: "Copy digest", many: (count) => `Copy ${count} digests` },
  { action: "copyTo", icon: IconTransferOut, one: "Copy to…", many: () => "Copy to…" },
  { action: "delete", icon: IconTrash, one: "Delete…", many: (count) => `Delete ${count} versions…`, danger: true },
];

export function VersionMenu({ place, at, count, onClose, onOpen }: VersionMenuProps) {
  const run = useRunAction();
  const can = useCanRun();
  const keys = useKeyNames();
  const digest = place?.digest ?? null;
  return (
    <Menu opened={place !== null} onClose={onClose} position="bottom-start" offset={2} returnFocus>
      <Menu.Target>
        <span aria-hidden className={classes.anchor} style={{ left: place?.x ?? 0, top: place?.y ?? 0 }} />
      </Menu.Target>
      <Menu.Dropdown>
        {count < 2 && digest !== null ? (
          <Menu.Item
            leftSection={<Icon of={IconArrowsDiagonal} size="small" />}
            rightSection={<Kbd>Enter</Kbd>}
            onClick={() => onOpen(digest)}
          >
            Open as a page
          </Menu.Item>
        ) : null}
        {count > 1 ? (
          <Menu.Item
            leftSection={<Icon of={IconColumns2} size="small" />}
            rightSection={<Kbd>{displayCombination(keys.compare)}</Kbd>}
            disabled={count > mostCompared}
            onClick={() => run("compare")}
          >
            Compare {formatCount(count)} versions
          </Menu.Item>
        ) : digest !== null ? (
          <CompareItems address={{ ...at, digest }} />
        ) : null}
        {items
          .filter((item) => can(item.action))
          .map((item) => (
            <Menu.Item
              key={item.action}
              className={item.danger ? text.danger : undefined}
              leftSection={<Icon of={item.icon} size="small" />}
              rightSection={<Kbd>{displayCombination(keys[item.action])}</Kbd>}
              onClick={() => run(item.action)}
            >
              {count > 1 ? item.many(formatCount(count)) : item.one}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
