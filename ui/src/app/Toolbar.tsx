/** The bar at the head of the window: where one is, what one looks for, and what holds for the whole window. */
import { Kbd, UnstyledButton } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconArrowBackUp,
  IconChevronLeft,
  IconChevronRight,
  IconLayoutSidebar,
  IconRefresh,
  IconSearch,
} from "@tabler/icons-react";
import { Fragment, type ReactNode } from "react";
import { Icon } from "../shared/Icon";
import { IconButton } from "../shared/IconButton";
import { useKeyName, useRunAction } from "../shared/keys";
import { back } from "./navigation";
import classes from "./Toolbar.module.css";

interface ToolbarProps {
  crumbs: readonly string[];
  /** Buttons at the right instead of the usual ones. */
  children?: ReactNode;
  /** The search field in the middle; left out on pages that bring buttons of their own. */
  search?: boolean;
}

export function Toolbar({ crumbs, children, search = true }: ToolbarProps) {
  const run = useRunAction();
  const sidebarKey = useKeyName("sidebar");
  return (
    <header className={classes.bar}>
      <IconButton icon={IconLayoutSidebar} label="Sidebar" hotkey={sidebarKey} onClick={() => run("sidebar")} />
      <IconButton icon={IconChevronLeft} label="Back" hotkey={useKeyName("back")} onClick={back} className={classes.back} />
      <Crumbs parts={crumbs} />
      <span className={classes.grow} />
      {search ? <SearchField /> : null}
      <span className={search ? classes.grow : undefined} />
      {children ?? <WindowButtons />}
    </header>
  );
}

function Crumbs({ parts }: { parts: readonly string[] }) {
  return (
    <nav aria-label="Place" className={classes.crumbs}>
      {parts.map((part, position) => (
        <Fragment key={`${position} ${part}`}>
          {position > 0 ? <Icon of={IconChevronRight} size="smallest" className={classes.arrow} /> : null}
          {position === parts.length - 1 ? <h1 aria-current="page">{part}</h1> : <span>{part}</span>}
        </Fragment>
      ))}
    </nav>
  );
}

function SearchField() {
  const run = useRunAction();
  return (
    <UnstyledButton className={classes.search} onClick={() => run("palette")} aria-haspopup="dialog">
      <Icon of={IconSearch} size="small" />
      <span className={classes.searchText}>Find a tag, repository or action</span>
      <Kbd>{useKeyName("palette")}</Kbd>
    </UnstyledButton>
  );
}

function WindowButtons() {
  const run = useRunAction();
  const syncKey = useKeyName("sync");
  return (
    <>
      <IconButton icon={IconArrowBackUp} label="Undo the last change" hotkey={useKeyName("undo")} onClick={() => run("undo")} />
      <IconButton icon={IconRefresh} label="Synchronise" hotkey={syncKey} onClick={() => run("sync")} />
      <IconButton icon={IconAdjustmentsHorizontal} label="Settings" hotkey={useKeyName("settings")} onClick={() => run("settings")} />
    </>
  );
}
