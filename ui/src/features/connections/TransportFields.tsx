/** What only a private registry needs: its own certificate authority, a client certificate, or plain HTTP. */
import { Button, Switch, TextInput } from "@mantine/core";
import { useId } from "react";
import * as ipc from "../../ipc";
import classes from "./ConnectionForm.module.css";
import { saysScheme } from "./draft";
import { FormRow, markedBy } from "./FormRow";
import { type ConnectionDraftState, errorAt } from "./useConnectionDraft";

export function TransportFields({ state }: { state: ConnectionDraftState }) {
  const { fields, change } = state;
  return (
    <>
      <FileField
        label="CA file"
        prompt="Choose a CA file (PEM)"
        placeholder="The system’s own are trusted"
        value={fields.caFile}
        error={errorAt(state, "caFile")}
        onChange={(caFile) => change({ caFile })}
      />
      <FileField
        label="Certificate"
        prompt="Choose a client certificate with its key (PEM)"
        placeholder="None of your own is shown"
        value={fields.clientCertificate}
        error={null}
        onChange={(clientCertificate) => change({ clientCertificate })}
      />
      <FormRow
        label=""
        advice={fields.plainHttp ? "Without TLS everybody on the way can read the login and change what is pulled." : undefined}
      >
        <Switch
          label="Plain HTTP"
          checked={fields.plainHttp}
          disabled={saysScheme(fields.address)}
          onChange={(event) => change({ plainHttp: event.currentTarget.checked })}
        />
      </FormRow>
    </>
  );
}

interface FileFieldProps {
  label: string;
  /** The title of the system's dialog. */
  prompt: string;
  placeholder: string;
  value: string | null;
  error: string | null;
  onChange: (file: string | null) => void;
}

function FileField({ label, prompt, placeholder, value, error, onChange }: FileFieldProps) {
  const id = useId();
  const pick = async () => {
    const file = await ipc.pickFile(prompt);
    if (file !== null) onChange(file);
  };
  return (
    <FormRow label={label} control={id}>
      <div className={classes.picker}>
        <TextInput
          id={id}
          value={value ?? ""}
          placeholder={placeholder}
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
          {...markedBy(error)}
        />
        <Button aria-label={`Choose… ${label}`} onClick={() => void pick()}>
          Choose…
        </Button>
      </div>
    </FormRow>
  );
}
