/** What an import of docker logins came to, host by host. */
import type { ConnectionInfo } from "../../ipc";
import { counted } from "../../shared/format";
import { hostOf } from "./providers";

export interface HostOutcome {
  host: string;
  state: "added" | "limited" | "left";
  said: string;
}

/** Every host that was found stands in the answer, whether it became a connection or not. */
export function outcomesOf(hosts: readonly string[], imported: readonly ConnectionInfo[]): HostOutcome[] {
  return hosts.map((found) => {
    const host = plainHost(found);
    const connection = imported.find((candidate) => plainHost(candidate.location) === host);
    if (connection === undefined)
      return { host, state: "left", said: "Not added: its connection exists already, or the host did not answer" };
    if (connection.problem !== null) {
      const hint = connection.problem.hint === null ? "" : ` ${connection.problem.hint}`;
      return { host, state: "limited", said: `Added as ${connection.name}. ${connection.problem.message}${hint}` };
    }
    const known = connection.repositories > 0 ? `, ${counted(connection.repositories, "repository", "repositories")}` : "";
    return { host, state: "added", said: `Added as ${connection.name}${known}` };
  });
}

/** Docker Hub is written in three ways. */
export function plainHost(address: string): string {
  const host = hostOf(address);
  return host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
}
