/** A route, new or to be changed: its name, its two ends, the tag, and what travels. */
import { Button, Checkbox, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ChannelSetting, ConnectionInfo, ReferrerKind, RouteSetting } from "../../ipc";
import { Dialog } from "../../shared/Dialog";
import dialog from "../../shared/Dialog.module.css";
import { referrerKinds } from "../changes/copy/copyWish";
import classes from "./Routes.module.css";
import { isRight, splitPlace, wrongRoute } from "./routePlaces";

interface RouteDialogProps {
  opened: boolean;
  /** null: a new one. */
  route: RouteSetting | null;
  /** Names of the others. */
  taken: readonly string[];
  connections: readonly ConnectionInfo[];
  channels: readonly ChannelSetting[];
  onSave: (route: RouteSetting) => void;
  onClose: () => void;
}

export function RouteDialog(props: RouteDialogProps) {
  const { opened, route, onClose } = props;
  return (
    <Dialog opened={opened} onClose={onClose} title={route === null ? "Add a route" : `Edit ${route.name}`} size={480}>
      {opened ? <Fields key={route?.name ?? ""} {...props} /> : null}
    </Dialog>
  );
}

function Fields({ route, taken, connections, channels, onSave, onClose }: RouteDialogProps) {
  const first = connections[0]?.name ?? "";
  const [draft, setDraft] = useState<RouteSetting>(
    route ?? {
      name: "",
      from: `${first}/`,
      to: `${connections[1]?.name ?? first}/`,
      tag: channels[0]?.name ?? "production",
      ownTag: true,
      referrers: null,
      platforms: [],
    },
  );
  /** Nothing is called wrong before somebody wanted to save it. */
  const [tried, setTried] = useState(false);
  const put = (part: Partial<RouteSetting>) => setDraft((before) => ({ ...before, ...part }));
  const wrong = wrongRoute(draft, taken);
  const told = (field: keyof typeof wrong) => (tried ? wrong[field] : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isRight(wrong)) onSave({ ...draft, name: draft.name.trim() });
  };
  return (
    <form onSubmit={submit} className={classes.fields} noValidate>
      <TextInput
        label="Name"
        data-autofocus
        value={draft.name}
        error={told("name")}
        placeholder="Production, Frankfurt"
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <Place label="From" value={draft.from} error={told("from")} connections={connections} onChange={(from) => put({ from })} />
      <Place label="To" value={draft.to} error={told("to")} connections={connections} onChange={(to) => put({ to })} />
      <p className={classes.hint}>One * stands for any part of a name; that of the target takes what the other stood for.</p>
      <TextInput
        label="Tag that moves there"
        value={draft.tag}
        error={told("tag")}
        list="channels-of-routes"
        onChange={(event) => put({ tag: event.currentTarget.value })}
      />
      <datalist id="channels-of-routes">
        {channels.map((channel) => (
          <option key={channel.name} value={channel.name} />
        ))}
      </datalist>
      <Switch
        label="The version's own tag too"
        description="So that it outlives the channel moving on"
        checked={draft.ownTag}
        onChange={(event) => put({ ownTag: event.currentTarget.checked })}
      />
      <Travels kinds={draft.referrers} onChange={(referrers) => put({ referrers })} />
      <TagsInput
        label="Platforms"
        description="None named: all, and the digest stays"
        placeholder={draft.platforms.length === 0 ? "linux/amd64" : ""}
        value={draft.platforms}
        acceptValueOnBlur
        onChange={(platforms) => put({ platforms })}
      />
      <div className={dialog.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled">
          {route === null ? "Add the route" : "Save the route"}
        </Button>
      </div>
    </form>
  );
}

interface PlaceProps {
  label: string;
  value: string;
  error: string | null;
  connections: readonly ConnectionInfo[];
  onChange: (place: string) => void;
}

function Place({ label, value, error, connections, onChange }: PlaceProps) {
  const { connection, repository } = splitPlace(value);
  const known = connections.find((one) => one.name.toLowerCase() === connection.toLowerCase());
  return (
    <div className={classes.place}>
      <Select
        label={label}
        aria-label={`${label}: connection`}
        data={connections.map((one) => one.name)}
        value={known?.name ?? null}
        placeholder={connection === "" ? "Connection" : `${connection} is gone`}
        allowDeselect={false}
        onChange={(name) => onChange(`${name ?? ""}/${repository}`)}
      />
      <TextInput
        aria-label={`${label}: repositories`}
        placeholder="vision/*"
        value={repository}
        error={error}
        onChange={(event) => onChange(`${connection}/${event.currentTarget.value}`)}
      />
    </div>
  );
}

function Travels({ kinds, onChange }: { kinds: ReferrerKind[] | null; onChange: (kinds: ReferrerKind[] | null) => void }) {
  const all = referrerKinds.map((one) => one.kind);
  const takes = (kind: ReferrerKind) => kinds === null || kinds.includes(kind);
  const put = (kind: ReferrerKind, wanted: boolean) => {
    const next = all.filter((one) => (one === kind ? wanted : takes(one)));
    onChange(next.length === all.length ? null : next);
  };
  return (
    <fieldset className={classes.travels}>
      <legend>Travels with it</legend>
      {referrerKinds.map(({ kind, many }) => (
        <Checkbox
          key={kind}
          label={many.charAt(0).toUpperCase() + many.slice(1)}
          checked={takes(kind)}
          onChange={(event) => put(kind, event.currentTarget.checked)}
        />
      ))}
    </fieldset>
  );
}
