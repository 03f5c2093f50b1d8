/** Where a change was made, by whom, by which policy, and what it came to. */
import { Fragment, type ReactNode } from "react";
import { replace } from "../../../app/navigation";
import type { ConnectionInfo, JournalEntry } from "../../../ipc";
import { unknown, useFormat } from "../../../shared/format";
import text from "../../../shared/text.module.css";
import { splitRepository, whereWords } from "../running/words";
import classes from "./JournalDetail.module.css";

/** Repositories that are named; the list has the others in its hint. */
const repositoriesNamed = 3;

export function JournalFacts({ entry, connections }: { entry: JournalEntry; connections: readonly ConnectionInfo[] }) {
  const { bytes } = useFormat();
  const { planned, done, policy, computer, program, backups } = entry;
  const amount = done.bytes === planned.bytes ? bytes(done.bytes) : `${bytes(done.bytes)} of ${bytes(planned.bytes)}`;
  const host = [computer, program].filter((part) => part !== null).join(", ");
  const facts: { name: string; value: ReactNode }[] = [
    { name: "Registry", value: whereWords(entry) || unknown },
    { name: "Login", value: entry.by ?? <span title="The login has no user name, or there was none">{unknown}</span> },
    { name: policy === null ? "Repository" : "Policy", value: policy ?? <Repositories entry={entry} connections={connections} /> },
    { name: "Host", value: host === "" ? <span title="An older Berth did not note it">{unknown}</span> : host },
    ...(backups.length === 0 ? [] : [{ name: "Backup", value: backups.join(", ") }]),
    { name: planned.digests > 0 ? "Freed" : "Moved", value: planned.bytes === 0 ? "nothing" : amount },
    { name: "Id", value: <span className={text.mono}>{entry.id}</span> },
  ];
  const links: (readonly [string, string | null])[] = [
    ["Undoes", entry.undoes],
    ["Undone by", entry.undoneBy],
  ];
  return (
    <section className={text.section} aria-label="Facts">
      <dl className={classes.facts}>
        {facts.map(({ name, value }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd title={typeof value === "string" ? value : undefined}>{value}</dd>
          </Fragment>
        ))}
        {links.map(([name, id]) =>
          id === null ? null : (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>
                <button type="button" className={text.link} onClick={() => replace({ page: "journal", id })}>
                  change {id}
                </button>
              </dd>
            </Fragment>
          ),
        )}
      </dl>
    </section>
  );
}

function Repositories({ entry, connections }: { entry: JournalEntry; connections: readonly ConnectionInfo[] }) {
  const names = entry.repositories.map((full) => splitRepository(full, connections).repository);
  const more = names.length - repositoriesNamed;
  return (
    <span title={names.join("\n")}>
      {names.slice(0, repositoriesNamed).join(", ") || unknown}
      {more > 0 ? ` +${more}` : ""}
    </span>
  );
}
