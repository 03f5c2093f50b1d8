/** The fields that the chosen provider needs. */
import { TextInput } from "@mantine/core";
import { useId } from "react";
import { NamesInput } from "../../shared/NamesInput";
import text from "../../shared/text.module.css";
import classes from "./ConnectionForm.module.css";
import { joinAddress } from "./draft";
import { FolderField } from "./FolderField";
import { FormRow, markedBy } from "./FormRow";
import { LoginFields } from "./LoginFields";
import { formOf, pathOf } from "./providers";
import { TransportFields } from "./TransportFields";
import { type ConnectionDraftState, errorAt } from "./useConnectionDraft";

interface ConnectionFormProps {
  state: ConnectionDraftState;
  heading: string | null;
  /** The login has expired: its secret gets the focus. */
  secretFirst: boolean;
  transportOpened: boolean;
}

export function ConnectionForm({ state, heading, secretFirst, transportOpened }: ConnectionFormProps) {
  const { fields, change } = state;
  const id = useId();
  const form = formOf(fields.provider);
  const listRefused = state.outcome?.listRefused === true || fields.pinned.length > 0;
  return (
    <div className={classes.form}>
      <h2 className={text.title}>{heading ?? form.heading}</h2>
      <FormRow label="Name" control={`${id}-name`}>
        <TextInput
          id={`${id}-name`}
          value={fields.name}
          maxLength={80}
          onChange={(event) => change({ name: event.currentTarget.value })}
          {...markedBy(errorAt(state, "name"))}
        />
      </FormRow>
      {fields.provider === "folder" ? (
        <FolderField state={state} id={`${id}-address`} focus={!secretFirst} />
      ) : (
        <AddressField state={state} id={`${id}-address`} focus={!secretFirst} />
      )}
      {fields.provider === "folder" ? null : <LoginFields state={state} secretFirst={secretFirst} />}
      {fields.provider !== "folder" && transportOpened ? <TransportFields state={state} /> : null}
      {listRefused && fields.provider !== "folder" ? (
        <FormRow
          label="Repositories"
          control={`${id}-pinned`}
          advice="This login may not list repositories. Name those to show; more can be pinned later."
        >
          <NamesInput placeholder="team/model" id={`${id}-pinned`} value={fields.pinned} onChange={(pinned) => change({ pinned })} />
        </FormRow>
      ) : null}
    </div>
  );
}

interface AddressFieldProps {
  state: ConnectionDraftState;
  id: string;
  focus: boolean;
}

/** The whole address; for a provider chosen by hand whose host is fixed, only what follows it. */
function AddressField({ state, id, focus }: AddressFieldProps) {
  const { fields, change, providerChosen } = state;
  const form = formOf(fields.provider);
  const error = errorAt(state, "address");
  const marks = { ...(focus ? { "data-autofocus": true } : {}), ...markedBy(error) };
  const host = form.fixedHost;
  if (providerChosen && host !== null && form.pathLabel !== null) {
    return (
      <FormRow
        label={form.pathLabel}
        control={id}
        advice={fields.id === null ? "Empty: the login’s own and its organisations’." : undefined}
      >
        <TextInput
          id={id}
          value={pathOf(fields.address)}
          onChange={(event) => change({ address: joinAddress(host, event.currentTarget.value) })}
          {...marks}
        />
      </FormRow>
    );
  }
  return (
    <FormRow label="Address" control={id}>
      <TextInput
        id={id}
        value={fields.address}
        placeholder={form.addressExample}
        spellCheck={false}
        onChange={(event) => change({ address: event.currentTarget.value })}
        {...marks}
      />
    </FormRow>
  );
}
