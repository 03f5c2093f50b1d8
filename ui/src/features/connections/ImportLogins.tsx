/** Import the docker logins found on this machine. */
import type { ConnectionInfo } from "../../ipc";

export interface ImportLoginsProps {
  opened: boolean;
  hosts: string[];
  onClose: () => void;
  onImported: (connections: ConnectionInfo[]) => void;
}

export function ImportLogins(_: ImportLoginsProps) {
  return null;
}
