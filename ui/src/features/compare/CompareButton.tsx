/** Compares a version with the one in production, or with the one before it. */
import { Button, Tooltip } from "@mantine/core";
import { IconColumns2 } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { settingsQuery } from "../../ipc/queries/settings";
import { Icon } from "../../shared/Icon";
import { useKeyName } from "../../shared/keys";
import type { VersionAddress } from "../detail/detailQueries";
import classes from "./CompareButton.module.css";
import { compareVersions } from "./comparing";
import { channelVersionQuery, productionChannel } from "./partners";

interface CompareButtonProps {
  address: VersionAddress;
  /** In a bar. */
  small?: boolean;
}

export function CompareButton({ address, small = false }: CompareButtonProps) {
  const client = useQueryClient();
  const key = useKeyName("compare");
  const channel = productionChannel(useQuery(settingsQuery).data?.channels ?? []);
  const production = useQuery(channelVersionQuery(address, channel)).data;
  const partner = production && production.digest !== address.digest ? channel : "the version before it";
  return (
    <Tooltip label={`Compare with ${partner} (${key})`}>
      <Button
        size={small ? "xs" : "sm"}
        className={classes.button}
        aria-label="Compare"
        leftSection={<Icon of={IconColumns2} size="small" />}
        onClick={() => void compareVersions(client, [address])}
      >
        <span className={classes.label}>Compare</span>
      </Button>
    </Tooltip>
  );
}
