/** Add or edit a connection. */
import type { ConnectionInfo } from "../../ipc";

export interface ConnectionDialogProps {
  opened: boolean;
  connection: ConnectionInfo | null;
  onClose: () => void;
  onSaved: (connection: ConnectionInfo) => void;
}

export function ConnectionDialog(_: ConnectionDialogProps) {
  return null;
}
