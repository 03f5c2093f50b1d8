/** What only a private registry needs: its own certificate authority, or plain HTTP. */
import { Button, Switch, TextInput } from "@mantine/core";
import { useId } from "react";
import * as ipc from "../../ipc";
import classes from "./ConnectionForm.module.css";
import { saysPlainHttp } from "./draft";
import { FormRow, markedBy } from "./FormRow";
import { type ConnectionDraftState, errorAt } from "./useConnectionDraft";

export function TransportFields({ state }: { state: ConnectionDraftState }) {
  const { fields, change } = state;
  const id = useId();
  const pick = async () => {
    const file = await ipc.pickFile("Choose a CA file (PEM)");
    if (file !== null) change({ caFile: file });
  };
  return (
    <>
      <FormRow label="CA file" control={`${id}-ca`}>
        <div className={classes.picker}>
          <TextInput
            id={`${id}-ca`}
            value={fields.caFile ?? ""}
            placeholder="The system’s own are trusted"
            spellCheck={false}
            onChange={(event) => change({ caFile: event.currentTarget.value === "" ? null : event.currentTarget.value })}
            {...markedBy(errorAt(state, "caFile"))}
          />
          <Button onClick={() => void pick()}>Choose…</Button>
        </div>
      </FormRow>
      <FormRow
        label=""
        advice={fields.plainHttp ? "Without TLS everybody on the way can read the login and change what is pulled." : undefined}
      >
        <Switch
          label="Plain HTTP"
          checked={fields.plainHttp}
          disabled={saysPlainHttp(fields.address)}
          onChange={(event) => change({ plainHttp: event.currentTarget.checked })}
        />
      </FormRow>
    </>
  );
}
