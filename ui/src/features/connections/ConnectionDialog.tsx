/** Add, edit or log in again to a connection: provider, the fields that it needs, and the check before anything is saved. */
import { Button, Modal } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import type { ConnectionInfo } from "../../ipc";
import text from "../../shared/text.module.css";
import { useFocusKept } from "../../shared/useFocusKept";
import { CheckPane } from "./CheckPane";
import classes from "./ConnectionDialog.module.css";
import { ConnectionForm } from "./ConnectionForm";
import { saveLabel } from "./checkOutcome";
import { hasOwnTransport } from "./draft";
import { ProviderList } from "./ProviderList";
import { needsLogin, useConnectionDraft } from "./useConnectionDraft";

interface ConnectionDialogProps {
  opened: boolean;
  /** null: a new one. With an expired or missing login the dialog asks for the secret first. */
  connection: ConnectionInfo | null;
  onClose: () => void;
  onSaved: (saved: ConnectionInfo) => void;
}

export function ConnectionDialog({ opened, connection, onClose, onSaved }: ConnectionDialogProps) {
  const label = labelOf(connection);
  useFocusKept(opened);
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={1180}
      centered
      returnFocus
      classNames={{ overlay: classes.overlay, content: classes.content }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={label}>
        {/* Mounted anew each time, so that no secret outlives the dialog. */}
        {opened ? <DialogBody key={connection?.id ?? "new"} connection={connection} onClose={onClose} onSaved={onSaved} /> : null}
      </Modal.Content>
    </Modal.Root>
  );
}

function labelOf(connection: ConnectionInfo | null): string {
  if (connection === null) return "Add a connection";
  return needsLogin(connection) ? `Log in again to ${connection.name}` : `Edit ${connection.name}`;
}

function DialogBody({ connection, onClose, onSaved }: Omit<ConnectionDialogProps, "opened">) {
  const state = useConnectionDraft(connection, onSaved);
  const again = connection !== null && needsLogin(connection);
  const [transportOpened, setTransportOpened] = useState(connection !== null && hasOwnTransport(connection));
  const { busy, outcome, steps, fields } = state;
  const verb = connection === null ? "Add" : again ? "Log in" : "Save";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void state.submit();
  };
  const untrusted = steps?.some((step) => step.step === "tls" && step.ok === false) === true;
  // Once needed they stay, also while what is typed there takes the check back.
  useEffect(() => {
    if (untrusted) setTransportOpened(true);
  }, [untrusted]);
  const showsTransport = transportOpened || fields.plainHttp;
  const folder = fields.provider === "folder";
  return (
    <form className={classes.dialog} onSubmit={submit} noValidate>
      <ProviderList value={fields.provider} disabled={connection !== null} onChange={state.chooseProvider} />
      <ConnectionForm
        state={state}
        heading={connection === null ? null : labelOf(connection)}
        secretFirst={again && fields.login === "password"}
        transportOpened={showsTransport}
      />
      <CheckPane steps={steps} running={busy === "check"} folder={folder} problem={state.problem} />
      <div className={classes.foot}>
        {folder ? null : (
          <button
            type="button"
            className={`${text.link} ${classes.transport}`}
            aria-expanded={showsTransport}
            onClick={() => setTransportOpened(!transportOpened)}
          >
            CA file, plain HTTP…
          </button>
        )}
        <span className={text.grow} />
        <Button onClick={onClose}>Cancel</Button>
        <Button disabled={busy !== null} onClick={() => void state.check()}>
          {busy === "check" ? "Checking…" : steps === null ? "Check" : "Check again"}
        </Button>
        <Button type="submit" variant="filled" disabled={busy !== null || outcome?.blocking != null}>
          {busy === "save" ? "Saving…" : saveLabel(verb, outcome)}
        </Button>
      </div>
    </form>
  );
}
