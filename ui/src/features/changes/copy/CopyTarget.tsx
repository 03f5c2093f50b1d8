/** Where to, said by hand: a connection, a repository of it, and the tags to put. */
import { Autocomplete, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ConnectionInfo } from "../../../ipc";
import { repositoriesQuery } from "../../../ipc/queries/repositories";
import rules from "../plan/RulesPane.module.css";
import classes from "./CopyPage.module.css";
import { type CopyWish, wrongWith } from "./copyWish";

interface CopyTargetProps {
  connections: readonly ConnectionInfo[];
  wish: CopyWish;
  onWish: (wish: CopyWish) => void;
}

const fieldClasses = { label: rules.label, error: rules.wrong };

export function CopyTarget({ connections, wish, onWish }: CopyTargetProps) {
  const known = useQuery({ ...repositoriesQuery(wish.connectionId), enabled: wish.connectionId !== "" }).data;
  const wrong = wrongWith(wish);
  return (
    <div className={classes.fields}>
      <Select
        size="xs"
        label="Connection"
        placeholder="Choose one"
        data={connections.map((one) => ({ value: one.id, label: one.name }))}
        value={wish.connectionId === "" ? null : wish.connectionId}
        allowDeselect={false}
        classNames={fieldClasses}
        onChange={(id) => onWish({ ...wish, connectionId: id ?? "" })}
      />
      <Autocomplete
        size="xs"
        label="Repository"
        placeholder="team/model"
        data={known?.map((one) => one.name) ?? []}
        limit={20}
        value={wish.repository}
        error={wrong.repository}
        classNames={fieldClasses}
        onChange={(repository) => onWish({ ...wish, repository })}
      />
      <TextInput
        size="xs"
        label="Tags, the last is put last"
        placeholder="1.4.2, production"
        value={wish.tags}
        error={wrong.tags}
        classNames={fieldClasses}
        onChange={(event) => onWish({ ...wish, tags: event.currentTarget.value })}
      />
    </div>
  );
}
