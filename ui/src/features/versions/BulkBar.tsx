/** The bar below the table while several versions are chosen: what can be done with all of them. */
import { Button } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import { counted } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useKeyName, useRunAction } from "../../shared/keys";
import text from "../../shared/text.module.css";
import classes from "./BulkBar.module.css";

export function BulkBar({ count, onClear }: { count: number; onClear: () => void }) {
  const run = useRunAction();
  const key = useKeyName("copyPullCommand");
  const deleteKey = useKeyName("delete");
  const title = `${counted(count, "version")} selected`;
  return (
    <div role="toolbar" aria-label={title} className={classes.bar} data-bulk-bar>
      <span className={classes.count}>{title}</span>
      <span className={classes.grow} />
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear the selection
      </Button>
      <Button
        size="xs"
        title={`Copy pull commands (${key})`}
        leftSection={<Icon of={IconCopy} size="small" />}
        onClick={() => run("copyPullCommand")}
      >
        {count === 1 ? "Copy pull command" : "Copy pull commands"}
      </Button>
      <Button
        size="xs"
        title={`Delete (${deleteKey})`}
        className={text.danger}
        leftSection={<Icon of={IconTrash} size="small" />}
        onClick={() => run("delete")}
      >
        Delete {counted(count, "version")}…
      </Button>
    </div>
  );
}
