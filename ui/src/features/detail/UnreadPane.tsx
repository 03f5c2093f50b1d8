/** The right pane for a tag that is known by its name only: not read yet, or not readable. Says which, and offers to read it. */
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { VersionRow } from "../../ipc";
import { IconButton } from "../../shared/IconButton";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { startSync, useActivity } from "../sync/activity";
import header from "./DetailHeader.module.css";
import { TagList } from "./TagList";
import classes from "./UnreadPane.module.css";
import pane from "./VersionDetailPane.module.css";

interface UnreadPaneProps {
  connectionId: string;
  repository: string;
  row: Pick<VersionRow, "tags" | "problem">;
  onClose: () => void;
}

export function UnreadPane({ connectionId, repository, row, onClose }: UnreadPaneProps) {
  const reading = useActivity().running.some((sync) => sync.connectionId === connectionId);
  const read = () => void startSync(connectionId, repository);
  const name = row.tags[0]?.name ?? "Unnamed version";
  return (
    <aside className={pane.pane} aria-label="Version">
      <header className={header.header}>
        <div className={header.first}>
          <h2 className={`${text.title} ${text.cut} ${text.grow}`} title={name}>
            {name}
          </h2>
          <IconButton small icon={IconX} label="Close" hotkey="Esc" onClick={onClose} />
        </div>
        <TagList tags={row.tags} limit={12} />
      </header>
      {row.problem ? (
        <ProblemStrip
          problem={row.problem}
          still={row.problem.hint === null ? "Its name is all that is known; the other versions are not affected." : undefined}
          action={{ label: "Read it again", run: read }}
        />
      ) : (
        <div className={classes.note}>
          <p className={text.strong}>Only its name is known so far</p>
          <p className={text.middle}>Digest, size and layers stand here once its manifest was read.</p>
          {reading ? (
            <p className={text.middle} role="status">
              The repository is being read.
            </p>
          ) : (
            <Button onClick={read}>Read it now</Button>
          )}
        </div>
      )}
    </aside>
  );
}
