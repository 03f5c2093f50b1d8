/** A part of a plan that can be closed. */
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Icon } from "../../../shared/Icon";
import classes from "./CopyPage.module.css";

export function CopyGroup({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  const [open, setOpen] = useState(true);
  return (
    <section className={classes.group}>
      <div className={classes.groupHead}>
        <UnstyledButton aria-expanded={open} className={classes.twisty} onClick={() => setOpen(!open)}>
          <Icon of={open ? IconChevronDown : IconChevronRight} size="smallest" />
          <h2>{title}</h2>
        </UnstyledButton>
        <span className={classes.about}>{about}</span>
      </div>
      {open ? children : null}
    </section>
  );
}
