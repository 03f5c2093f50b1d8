/** A link that somebody else wrote. Its address is shown in full before anything opens; what is no web address stays plain text. */
import { Button, Popover } from "@mantine/core";
import { type ReactNode, useState } from "react";
import * as ipc from "../../ipc";
import classes from "./ForeignLink.module.css";

interface ForeignLinkProps {
  /** As `webAddress` returned it. */
  address: string | null;
  children: ReactNode;
}

export function ForeignLink({ address, children }: ForeignLinkProps) {
  const [opened, setOpened] = useState(false);
  if (address === null) return <span className={classes.inert}>{children}</span>;
  const open = () => {
    setOpened(false);
    void ipc.openAddress(address);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="bottom-start" width={340} withinPortal>
      <Popover.Target>
        <button type="button" className={classes.link} title={address} onClick={() => setOpened((before) => !before)}>
          {children}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <p className={classes.lead}>This leads out of Berth:</p>
        <p className={classes.address}>{address}</p>
        <div className={classes.actions}>
          <Button size="xs" variant="default" onClick={() => setOpened(false)}>
            Cancel
          </Button>
          <Button size="xs" onClick={open}>
            Open in the browser
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
