/** What a version can be compared with, in its menu; what is not there is left out. */
import { Kbd, Menu } from "@mantine/core";
import { IconColumns2, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../ipc/queries/settings";
import { Icon } from "../../shared/Icon";
import { useKeyName } from "../../shared/keys";
import type { VersionAddress } from "../detail/detailQueries";
import { openComparison } from "./comparing";
import { channelVersionQuery, previousQuery, productionChannel } from "./partners";

export function CompareItems({ address }: { address: VersionAddress }) {
  const key = useKeyName("compare");
  const channel = productionChannel(useQuery(settingsQuery).data?.channels ?? []);
  const production = useQuery(channelVersionQuery(address, channel));
  const previous = useQuery(previousQuery(address)).data;
  const other = production.data && production.data.digest !== address.digest ? production.data : null;
  return (
    <>
      {other ? (
        <Menu.Item
          leftSection={<Icon of={IconColumns2} size="small" />}
          rightSection={<Kbd>{key}</Kbd>}
          onClick={() => openComparison([other, address])}
        >
          Compare with {channel}
        </Menu.Item>
      ) : null}
      {previous ? (
        <Menu.Item
          leftSection={<Icon of={IconHistory} size="small" />}
          rightSection={other || production.isPending ? null : <Kbd>{key}</Kbd>}
          onClick={() => openComparison([previous, address])}
        >
          Compare with the previous version
        </Menu.Item>
      ) : null}
    </>
  );
}
