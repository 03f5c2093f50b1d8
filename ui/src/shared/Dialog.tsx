/** A plain dialog: a head with its name and a way to close it, then its content. Esc closes it, the focus returns to where it was. */
import { Modal } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Dialog.module.css";
import { IconButton } from "./IconButton";
import text from "./text.module.css";
import { useFocusKept } from "./useFocusKept";

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** Pixels. */
  size: number;
  children: ReactNode;
}

// Mantine's own head is a `header`: outside of the page's landmarks that would be a second banner.
export function Dialog({ opened, onClose, title, size, children }: DialogProps) {
  useFocusKept(opened);
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} centered>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <div className={classes.head}>
          <h2 className={`${text.title} ${text.grow}`}>{title}</h2>
          <IconButton small icon={IconX} label="Close" onClick={onClose} />
        </div>
        <div className={classes.body}>{children}</div>
      </Modal.Content>
    </Modal.Root>
  );
}
