/** What is said once: no keychain, an index that was rebuilt, what a registry wants its users to know. Each can be put away. */
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { type Problem, useWarnings } from "../ipc";
import { IconButton } from "../shared/IconButton";
import { ProblemStrip } from "../shared/ProblemStrip";
import classes from "./Notices.module.css";

export function Notices({ notices }: { notices: readonly Problem[] }) {
  const [away, setAway] = useState<readonly string[]>([]);
  const warnings = useWarnings().map(({ host, text }) => warned(host, text));
  const shown = [...notices, ...warnings].filter((notice) => !away.includes(notice.message));
  if (shown.length === 0) return null;
  return (
    <div className={classes.notices}>
      {shown.map((notice) => (
        <div key={notice.message} className={classes.notice}>
          <div className={classes.words}>
            <ProblemStrip problem={notice} />
          </div>
          <IconButton small icon={IconX} label="Put away" onClick={() => setAway([...away, notice.message])} />
        </div>
      ))}
    </div>
  );
}

function warned(host: string, text: string): Problem {
  return { code: "other", message: `${host}: ${text}`, hint: null, retryable: false };
}
