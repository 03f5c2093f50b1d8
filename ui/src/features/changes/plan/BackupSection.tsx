/** Whether what goes is copied into a folder first, and where in it. */
import { Select, TextInput } from "@mantine/core";
import { useRunAction } from "../../../shared/keys";
import text from "../../../shared/text.module.css";
import type { BackupChoice } from "./backup";
import classes from "./RulesPane.module.css";

const none = "";

export function BackupSection({ backup }: { backup: BackupChoice }) {
  const { folders, folder, prefix, error, change } = backup;
  const run = useRunAction();
  return (
    <section className={classes.section} aria-label="Back up to">
      <h2 className={classes.title}>Back up to</h2>
      {folders.length === 0 ? (
        <p className={classes.hint}>
          No folder is connected. With one, all that goes can be copied there first, so that undo always works.{" "}
          <button type="button" className={text.link} onClick={() => run("addConnection")}>
            Add a folder…
          </button>
        </p>
      ) : (
        <>
          <Select
            aria-label="Back up to"
            allowDeselect={false}
            data={[{ value: none, label: "No backup" }, ...folders.map(({ id, name }) => ({ value: id, label: name }))]}
            value={folder?.id ?? none}
            onChange={(id) => change(folders.find((one) => one.id === id) ?? null, prefix)}
          />
          {folder === null ? null : (
            <TextInput
              size="xs"
              mt={8}
              label="Place in it"
              description="Each repository has its own there, of the same name"
              placeholder="at its root"
              value={prefix}
              error={error}
              classNames={{ input: text.mono, label: classes.label, description: classes.about, error: classes.wrong }}
              onChange={(event) => change(folder, event.currentTarget.value)}
            />
          )}
          <p className={classes.hint}>
            {folder === null
              ? "All that goes can be copied into a folder first, so that undo always works."
              : "Nothing is deleted before all of it is there."}
          </p>
        </>
      )}
    </section>
  );
}
