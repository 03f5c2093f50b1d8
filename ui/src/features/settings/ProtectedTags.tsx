/** Names and patterns of tags that are never deleted. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Settings } from "../../ipc";
import { protectedQuery } from "../../ipc/queries/settings";
import { counted, formatCount } from "../../shared/format";
import { TakeOff } from "../../shared/TakeOff";
import { TagChip } from "../../shared/tags/TagChip";
import { Section } from "./fields";
import classes from "./Settings.module.css";
import type { Save } from "./useSaveSettings";

export function ProtectedTags({ settings, save }: { settings: Settings; save: Save }) {
  const { protectedTags, channels } = settings;
  const [typed, setTyped] = useState("");
  const count = useQuery(protectedQuery).data;
  const add = () => {
    const pattern = typed.trim();
    setTyped("");
    if (pattern !== "" && !protectedTags.includes(pattern)) save({ protectedTags: [...protectedTags, pattern] });
  };
  const remove = (pattern: string) => save({ protectedTags: protectedTags.filter((other) => other !== pattern) });
  return (
    <Section title="Protected tags" hint="never deleted, whatever a policy says">
      <div className={classes.box}>
        {protectedTags.map((pattern) => (
          <span key={pattern} className={classes.pattern}>
            <TagChip tag={{ name: pattern, channel: channels.find((channel) => channel.name === pattern)?.mark ?? null }} />
            <TakeOff label={`Remove ${pattern}`} onClick={() => remove(pattern)} />
          </span>
        ))}
        <input
          className={classes.typed}
          aria-label="Add a name or a pattern"
          placeholder="Add a name or a pattern"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={add}
          onKeyDown={(event) => {
            const last = protectedTags.at(-1);
            if (event.key === "Enter" || event.key === ",") {
              event.preventDefault();
              add();
            } else if (event.key === "Backspace" && typed === "" && last !== undefined) remove(last);
          }}
        />
      </div>
      <p className={classes.hint}>
        {count
          ? `${counted(count.patterns, "pattern")} protect ${formatCount(count.tags)} of ${counted(count.total, "tag")} in ${counted(count.connections, "connection")}.`
          : "\u00A0"}
      </p>
    </Section>
  );
}
