/** What the program has to say once at its start: no keychain, an index that was rebuilt. Each can be put away. */
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Problem } from "../ipc";
import { IconButton } from "../shared/IconButton";
import { ProblemStrip } from "../shared/ProblemStrip";
import classes from "./Notices.module.css";

export function Notices({ notices }: { notices: readonly Problem[] }) {
  const [away, setAway] = useState<readonly Problem[]>([]);
  const shown = notices.filter((notice) => !away.includes(notice));
  if (shown.length === 0) return null;
  return (
    <div className={classes.notices}>
      {shown.map((notice) => (
        <div key={notice.message} className={classes.notice}>
          <div className={classes.words}>
            <ProblemStrip problem={notice} />
          </div>
          <IconButton small icon={IconX} label="Put away" onClick={() => setAway([...away, notice])} />
        </div>
      ))}
    </div>
  );
}
