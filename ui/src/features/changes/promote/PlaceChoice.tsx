/** Where a promotion goes: here, by a route, or to any other repository; for these the page of the copy opens. */
import { Button, Menu } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { go } from "../../../app/navigation";
import { fittingRoutesQuery } from "../../../ipc/queries/changes";
import { Icon } from "../../../shared/Icon";
import text from "../../../shared/text.module.css";
import type { VersionAddress } from "../../detail/detailQueries";
import classes from "./PromoteDialog.module.css";

interface PlaceChoiceProps {
  address: VersionAddress;
  /** The dialog closes. */
  onLeave: () => void;
}

export function PlaceChoice({ address, onLeave }: PlaceChoiceProps) {
  const { connectionId, repository, digest } = address;
  const routes = useQuery(fittingRoutesQuery(connectionId, repository, digest)).data ?? [];
  const leave = (by: string | null) => {
    onLeave();
    go({ page: "copy", change: "promote", connectionId, repository, digest, by });
  };
  return (
    <Menu position="bottom-start" offset={4} width="target">
      <Menu.Target>
        <Button
          aria-label="Where: in this repository"
          className={classes.target}
          justify="space-between"
          rightSection={<Icon of={IconSelector} size="smallest" />}
        >
          in this repository
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.targets}>
        <Menu.RadioItem value="here" checked checkIcon={<Icon of={IconCheck} size="small" />}>
          in this repository
        </Menu.RadioItem>
        {routes.map((route) => (
          <Menu.Item key={route.name} onClick={() => leave(route.name)} title={`To ${route.targetRepository}`}>
            <span className={text.cut}>{route.name}</span>
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => leave(null)}>another repository…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
