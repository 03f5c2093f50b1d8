/** All keys, in one dialog. */
import { Kbd } from "@mantine/core";
import { Fragment } from "react";
import { Dialog } from "../../shared/Dialog";
import { actions, displayCombination, fixedKeys, useKeyNames } from "../../shared/keys";
import classes from "./AllKeys.module.css";

export function AllKeys({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const keys = useKeyNames();
  return (
    <Dialog opened={opened} onClose={onClose} title="All keys" size={620}>
      <p className={classes.hint}>Single letters work while a list has the focus. Keys can be changed in the settings.</p>
      <dl className={classes.keys}>
        {actions.map((action) => (
          <div key={action.id}>
            <dt>{action.label}</dt>
            <dd>
              <Kbd>{displayCombination(keys[action.id])}</Kbd>
            </dd>
          </div>
        ))}
        {fixedKeys.map((fixed) => (
          <div key={fixed.label}>
            <dt>{fixed.label}</dt>
            <dd>
              {fixed.keys.map((key) => (
                <Fragment key={key}>{key === "…" ? "to" : <Kbd>{displayCombination(key)}</Kbd>}</Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
