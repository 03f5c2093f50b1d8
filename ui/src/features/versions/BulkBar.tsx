/** The bar below the table while several versions are chosen: what can be done with all of them. */
import { Button } from "@mantine/core";
import { IconArrowUp, IconColumns2, IconCopy, IconTrash } from "@tabler/icons-react";
import { mostCompared } from "../../app/navigation/compareRoute";
import { counted, formatCount } from "../../shared/format";
import { Icon } from "../../shared/Icon";
import { useKeyName, useRunAction } from "../../shared/keys";
import text from "../../shared/text.module.css";
import { PromoteButton } from "../changes/promote/PromoteButton";
import type { VersionAddress } from "../detail/detailQueries";
import classes from "./BulkBar.module.css";

interface BulkBarProps {
  count: number;
  /** The one that is chosen; null: several. */
  one: VersionAddress | null;
  onClear: () => void;
}

export function BulkBar({ count, one, onClear }: BulkBarProps) {
  const run = useRunAction();
  const key = useKeyName("copyPullCommand");
  const deleteKey = useKeyName("delete");
  const title = `${counted(count, "version")} selected`;
  return (
    <div role="toolbar" aria-label={title} className={classes.bar} data-bulk-bar>
      <span className={`${classes.count} ${classes.title}`}>{title}</span>
      <CompareChosen count={count} />
      {one ? (
        <PromoteButton small address={one} />
      ) : (
        <>
          <Button
            size="xs"
            aria-disabled
            data-disabled
            title="Promote takes one version"
            leftSection={<Icon of={IconArrowUp} size="small" />}
          >
            Promote
          </Button>
          <span className={`${classes.count} ${classes.why}`}>takes one version</span>
        </>
      )}
      <span className={classes.grow} />
      <Button size="xs" variant="subtle" className={classes.clear} onClick={onClear}>
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

/** What cannot be compared says why. */
function CompareChosen({ count }: { count: number }) {
  const run = useRunAction();
  const key = useKeyName("compare");
  const fits = count <= mostCompared;
  return (
    <Button
      size="xs"
      aria-disabled={!fits || undefined}
      data-disabled={!fits || undefined}
      title={
        fits
          ? `${count === 1 ? "Compare with production, or the version before" : "Compare with each other"} (${key})`
          : `Compare takes at most ${mostCompared} versions`
      }
      leftSection={<Icon of={IconColumns2} size="small" />}
      onClick={() => run("compare")}
    >
      {count === 1 ? "Compare" : `Compare ${formatCount(count)}`}
    </Button>
  );
}
