/** What an import of docker logins came to, host by host. */
import type { DockerImport, Problem } from "../../ipc";
import { counted } from "../../shared/format";
import { plainHost } from "./providers";

export interface HostOutcome {
  host: string;
  state: "added" | "limited" | "left";
  said: string;
}

/** Every host that was found stands in the answer, whether it became a connection or not. */
export function outcomesOf(hosts: readonly string[], answer: DockerImport): HostOutcome[] {
  return hosts.map((found) => {
    const host = plainHost(found);
    const connection = answer.added.find((candidate) => plainHost(candidate.location) === host);
    const refused = answer.problems.find((candidate) => plainHost(candidate.host) === host);
    if (connection === undefined)
      return { host, state: "left", said: refused ? inWords("Not added.", refused.problem) : "Connected already" };
    if (connection.problem !== null) return { host, state: "limited", said: inWords(`Added as ${connection.name}.`, connection.problem) };
    const known = connection.repositories > 0 ? `, ${counted(connection.repositories, "repository", "repositories")}` : "";
    return { host, state: "added", said: `Added as ${connection.name}${known}` };
  });
}

function inWords(lead: string, { message, hint }: Problem): string {
  const parts = [message, hint].filter((part) => part !== null && part !== "").map((part) => String(part).replace(/\.?$/, "."));
  return [lead, ...parts].join(" ");
}
