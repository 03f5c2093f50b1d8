/** How to log in: token or password, a docker login of this computer, or not at all; and where the secret is kept. */
import { Checkbox, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useId } from "react";
import type { LoginMethod } from "../../ipc";
import classes from "./ConnectionForm.module.css";
import { hasDockerLogin } from "./draft";
import { FormRow, markedBy } from "./FormRow";
import { formOf, hostOf } from "./providers";
import { type ConnectionDraftState, errorAt } from "./useConnectionDraft";

export function LoginFields({ state, secretFirst }: { state: ConnectionDraftState; secretFirst: boolean }) {
  const { fields, change } = state;
  const form = formOf(fields.provider);
  const methods: { value: LoginMethod; label: string }[] = [
    { value: "password", label: form.secretLabel },
    { value: "docker", label: "docker login" },
    { value: "anonymous", label: "None" },
  ];
  return (
    <>
      <FormRow label="Login" advice={methodAdvice(state)}>
        <SegmentedControl
          className={classes.segments}
          aria-label="Login"
          data={methods}
          value={fields.login}
          onChange={(login) => change({ login: methods.find((method) => method.value === login)?.value ?? "anonymous" })}
        />
      </FormRow>
      {fields.login === "password" ? <SecretFields state={state} secretFirst={secretFirst} /> : null}
    </>
  );
}

function methodAdvice({ fields, dockerLogins }: ConnectionDraftState): string | null {
  if (fields.login === "anonymous") return "Only what everybody may read.";
  if (fields.login !== "docker") return null;
  if (hasDockerLogin(fields.address, dockerLogins)) return "The docker or podman login of this computer, used in place; nothing is copied.";
  const host = hostOf(fields.address);
  return host === "" ? null : `This computer has no docker login for ${host}. Run “docker login ${host}” first.`;
}

function SecretFields({ state, secretFirst }: { state: ConnectionDraftState; secretFirst: boolean }) {
  const { fields, change, keychain } = state;
  const id = useId();
  const form = formOf(fields.provider);
  const autofocus = secretFirst ? { "data-autofocus": true } : {};
  return (
    <>
      <FormRow label="User" control={`${id}-user`}>
        <TextInput
          id={`${id}-user`}
          value={fields.user}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ user: event.currentTarget.value })}
          {...markedBy(errorAt(state, "user"))}
        />
      </FormRow>
      <FormRow label={form.secretLabel} control={`${id}-secret`} advice={`${form.secretHint} ${keptWhere(state)}`}>
        <PasswordInput
          id={`${id}-secret`}
          value={fields.secret}
          autoComplete="off"
          placeholder={fields.secretKept ? "Unchanged" : undefined}
          visibilityToggleButtonProps={{ "aria-label": `Show the ${form.secretLabel.toLowerCase()}`, tabIndex: 0 }}
          onChange={(event) => change({ secret: event.currentTarget.value })}
          {...markedBy(errorAt(state, "secret"))}
          {...autofocus}
        />
      </FormRow>
      <FormRow label="">
        <Checkbox
          label="For this session only"
          checked={fields.sessionOnly || !keychain.available}
          disabled={!keychain.available}
          onChange={(event) => change({ sessionOnly: event.currentTarget.checked })}
        />
      </FormRow>
    </>
  );
}

/** Where the secret goes, and what is missing where there is no keychain. */
function keptWhere({ fields, keychain }: ConnectionDraftState): string {
  if (!keychain.available) {
    const why = keychain.problem?.message ?? "There is no keychain on this system.";
    return `${why} The login lasts until Berth closes; nothing is written to disk. ${keychain.problem?.hint ?? ""}`.trimEnd();
  }
  return fields.sessionOnly ? "Kept in memory until Berth closes." : "Kept in the keychain of this system only.";
}
