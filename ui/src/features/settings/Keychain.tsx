/** Where logins are kept, and the state of each. */
import { IconCheck, IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ConnectionInfo, LoginState } from "../../ipc";
import { keychainQuery } from "../../ipc/queries/settings";
import { Icon } from "../../shared/Icon";
import { ProblemStrip } from "../../shared/ProblemStrip";
import text from "../../shared/text.module.css";
import { Section } from "./fields";
import classes from "./Settings.module.css";

const methods = { anonymous: "no login", password: "password", docker: "docker login" };
const states: Record<LoginState, string> = {
  none: "—",
  stored: "stored",
  session: "until Berth closes",
  expired: "expired",
  missing: "missing",
};

export function Keychain({
  connections,
  onEdit,
}: {
  connections: readonly ConnectionInfo[];
  onEdit: (connection: ConnectionInfo) => void;
}) {
  const answer = useQuery(keychainQuery);
  const keychain = answer.data;
  const state = keychain?.available ? (
    <span className={classes.fine}>
      <Icon of={IconCheck} size="smallest" />
      {keychain.name}, unlocked
    </span>
  ) : null;
  const again = (
    <button type="button" className={text.link} onClick={() => void answer.refetch()}>
      Check again
    </button>
  );
  return (
    <Section title="Keychain" hint={state} side={again}>
      {keychain?.problem ? <ProblemStrip problem={keychain.problem} /> : null}
      <table className={classes.logins}>
        <thead>
          <tr>
            <th>Connection</th>
            <th>Login</th>
            <th>State</th>
            <th>
              <span className={text.hidden}>Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {connections.map((connection) => (
            <tr key={connection.id}>
              <td>{connection.name}</td>
              <td>
                {connection.username === null
                  ? methods[connection.loginMethod]
                  : `${connection.username}, ${methods[connection.loginMethod]}`}
              </td>
              <td>
                <State state={connection.loginState} />
              </td>
              <td>
                <button type="button" className={text.link} onClick={() => onEdit(connection)}>
                  {needsLogin(connection.loginState) ? "Log in" : connection.loginMethod === "anonymous" ? "Change" : "Replace"}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.hint}>Secrets are in the keychain and in memory only; no file, log or error holds one.</p>
    </Section>
  );
}

function needsLogin(state: LoginState): boolean {
  return state === "expired" || state === "missing";
}

function State({ state }: { state: LoginState }) {
  if (!needsLogin(state)) return <span className={text.middle}>{states[state]}</span>;
  return (
    <span className={classes.warn}>
      <Icon of={IconKey} size="smallest" />
      {states[state]}
    </span>
  );
}
