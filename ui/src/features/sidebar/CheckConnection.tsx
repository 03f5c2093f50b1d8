/** The doctor of a connection that exists: what works, what does not, and the likely cause. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ConnectionInfo, checkConnection, isCancelled, toProblem } from "../../ipc";
import { Dialog } from "../../shared/Dialog";
import dialog from "../../shared/Dialog.module.css";
import { CheckPane } from "../connections/CheckPane";
import classes from "./CheckConnection.module.css";

interface CheckConnectionProps {
  /** null: closed. */
  connection: ConnectionInfo | null;
  onClose: () => void;
  onEdit: (connection: ConnectionInfo) => void;
}

export function CheckConnection({ connection, onClose, onEdit }: CheckConnectionProps) {
  return (
    <Dialog opened={connection !== null} onClose={onClose} title={`Check ${connection?.name ?? ""}`} size={460}>
      {connection ? <Check connection={connection} onClose={onClose} onEdit={onEdit} /> : null}
    </Dialog>
  );
}

function Check({ connection, onClose, onEdit }: CheckConnectionProps & { connection: ConnectionInfo }) {
  // Closing the dialog takes the question back, and with it the operation in the program.
  const check = useQuery({
    queryKey: ["checkConnection", connection.id] as const,
    queryFn: ({ signal }) => checkConnection(connection.id, { signal }),
    gcTime: 0,
    staleTime: 0,
  });
  const problem = check.error === null || isCancelled(check.error) ? null : toProblem(check.error);
  return (
    <>
      <div className={classes.steps}>
        <CheckPane
          steps={check.isFetching ? null : (check.data ?? null)}
          running={check.isFetching}
          folder={connection.provider === "folder"}
          problem={problem}
        />
      </div>
      <div className={dialog.actions}>
        <Button onClick={() => onEdit(connection)}>Edit…</Button>
        <Button disabled={check.isFetching} onClick={() => void check.refetch()}>
          {check.isFetching ? "Checking…" : "Check again"}
        </Button>
        <Button variant="filled" onClick={onClose} data-autofocus>
          Close
        </Button>
      </div>
    </>
  );
}
