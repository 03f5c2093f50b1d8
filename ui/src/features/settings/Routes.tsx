/** Where a promotion may go besides its own repository: each route with its ends and its tag. */
import { Menu } from "@mantine/core";
import { IconArrowRight, IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ConnectionInfo, RouteSetting, Settings } from "../../ipc";
import { Icon } from "../../shared/Icon";
import { IconButton } from "../../shared/IconButton";
import { TagChip } from "../../shared/tags/TagChip";
import text from "../../shared/text.module.css";
import { Section } from "./fields";
import { RouteDialog } from "./RouteDialog";
import classes from "./Routes.module.css";
import { shownPlace } from "./routePlaces";
import type { Save } from "./useSaveSettings";

interface RoutesProps {
  settings: Settings;
  save: Save;
  connections: readonly ConnectionInfo[];
}

export function Routes({ settings, save, connections }: RoutesProps) {
  const { routes, channels } = settings;
  /** The route that is edited; null: a new one. */
  const [edited, setEdited] = useState<RouteSetting | null | undefined>(undefined);
  const keep = (route: RouteSetting) => {
    save({ routes: edited ? routes.map((one) => (one === edited ? route : one)) : [...routes, route] });
    setEdited(undefined);
  };
  return (
    <Section
      title="Routes"
      hint="where a promotion may go besides its own repository"
      side={
        <button type="button" className={text.link} onClick={() => setEdited(null)} disabled={connections.length === 0}>
          Add
        </button>
      }
    >
      {routes.length === 0 ? (
        <p className={classes.none}>None yet. A route sends the versions of some repositories to others, under a tag.</p>
      ) : (
        <>
          <div className={classes.head} aria-hidden>
            <span>Name</span>
            <span>From and to</span>
            <span>Tags</span>
          </div>
          <ul>
            {routes.map((route) => (
              <li key={route.name} className={classes.route}>
                <span className={text.cut} title={route.name}>
                  {route.name}
                </span>
                <span className={`${text.cut} ${text.middle}`} title={`${shownPlace(route.from)} to ${shownPlace(route.to)}`}>
                  {shownPlace(route.from)} <Icon of={IconArrowRight} size="smallest" className={classes.arrow} /> {shownPlace(route.to)}
                </span>
                <span className={classes.tag}>
                  <TagChip tag={{ name: route.tag, channel: channels.find((channel) => channel.name === route.tag)?.mark ?? null }} />
                </span>
                <Menu position="bottom-end" offset={4}>
                  <Menu.Target>
                    <IconButton small icon={IconDots} label={`What to do with ${route.name}`} aria-haspopup="menu" />
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item leftSection={<Icon of={IconPencil} size="small" />} onClick={() => setEdited(route)}>
                      Edit…
                    </Menu.Item>
                    <Menu.Item
                      className={text.danger}
                      leftSection={<Icon of={IconTrash} size="small" />}
                      onClick={() => save({ routes: routes.filter((one) => one !== route) })}
                    >
                      Remove
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </li>
            ))}
          </ul>
        </>
      )}
      <RouteDialog
        opened={edited !== undefined}
        route={edited ?? null}
        taken={routes.filter((one) => one !== edited).map((one) => one.name)}
        connections={connections}
        channels={channels}
        onSave={keep}
        onClose={() => setEdited(undefined)}
      />
    </Section>
  );
}
