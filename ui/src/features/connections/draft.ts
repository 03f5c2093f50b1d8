/** The state of the connection dialog and what it becomes: a draft for the program, a list of what is still missing. */
import type { ConnectionDraft, ConnectionInfo, LoginMethod, Provider } from "../../ipc";
import { formOf, hostOf, pathOf, suggestedName } from "./providers";

export interface ConnectionFields {
  id: string | null;
  provider: Provider;
  /** The provider was chosen in the list; then typing an address does not change it. */
  chosen: boolean;
  name: string;
  /** The name was typed; then it is not suggested any more. */
  named: boolean;
  address: string;
  login: LoginMethod;
  user: string;
  secret: string;
  /** A secret is already kept for this connection; an empty field leaves it as it is. */
  secretKept: boolean;
  plainHttp: boolean;
  caFile: string | null;
  sessionOnly: boolean;
  /** Repositories to pin once the connection is saved: for a login that may pull but not list. */
  pinned: string[];
}

export function fieldsOf(connection: ConnectionInfo | null): ConnectionFields {
  if (connection === null) return emptyFields;
  return {
    id: connection.id,
    provider: connection.provider,
    chosen: true,
    name: connection.name,
    named: true,
    address: connection.location,
    login: connection.loginMethod,
    user: connection.username ?? "",
    secret: "",
    secretKept: connection.loginState === "stored" || connection.loginState === "session",
    plainHttp: connection.plainHttp,
    caFile: connection.caFile,
    sessionOnly: connection.loginState === "session",
    pinned: connection.pinned,
  };
}

const emptyFields: ConnectionFields = {
  id: null,
  provider: "other",
  chosen: false,
  name: "",
  named: false,
  address: "",
  login: "anonymous",
  user: "",
  secret: "",
  secretKept: false,
  plainHttp: false,
  caFile: null,
  sessionOnly: false,
  pinned: [],
};

/** The provider chosen in the list. Its own host replaces another one; what followed the host stays. */
export function withProvider(fields: ConnectionFields, provider: Provider): ConnectionFields {
  const form = formOf(provider);
  const leavesFolder = fields.provider === "folder" || provider === "folder";
  const path = leavesFolder ? "" : pathOf(fields.address);
  const kept = leavesFolder || isFixedHost(fields.address) ? "" : fields.address;
  const address = form.fixedHost === null ? kept : joinAddress(form.fixedHost, path);
  return withAddress({ ...fields, provider, chosen: true, user: form.fixedUser ?? fields.user }, address);
}

/** The address typed; the name follows as long as nobody has typed one. */
export function withAddress(fields: ConnectionFields, address: string): ConnectionFields {
  const name = fields.named ? fields.name : suggestedName(fields.provider, address);
  return { ...fields, address, name };
}

/** What the program guessed from the address; a choice of the user is never overruled. */
export function withGuess(fields: ConnectionFields, guess: Provider, dockerLogins: readonly string[]): ConnectionFields {
  if (fields.chosen) return fields;
  const login = fields.secret === "" && fields.user === "" ? likelyLogin(guess, fields.address, dockerLogins) : fields.login;
  return withAddress({ ...fields, provider: guess, login }, fields.address);
}

/** A docker login of this computer is used in place where there is one; known providers otherwise want a token. */
function likelyLogin(provider: Provider, address: string, dockerLogins: readonly string[]): LoginMethod {
  if (provider === "folder") return "anonymous";
  if (hasDockerLogin(address, dockerLogins)) return "docker";
  return provider === "other" || provider === "distribution" ? "anonymous" : "password";
}

export function hasDockerLogin(address: string, dockerLogins: readonly string[]): boolean {
  const host = canonicalHost(hostOf(address));
  return host !== "" && dockerLogins.some((login) => canonicalHost(hostOf(login)) === host);
}

function canonicalHost(host: string): string {
  return host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
}

function isFixedHost(address: string): boolean {
  return ["docker.io", "ghcr.io"].includes(canonicalHost(hostOf(address)));
}

export function joinAddress(host: string, path: string): string {
  const rest = path.trim().replace(/^\/+/, "");
  return rest === "" ? host : `${host}/${rest}`;
}

/** What is still missing, in words for the person; null: it can be checked. */
export function missing(fields: ConnectionFields): string | null {
  const form = formOf(fields.provider);
  if (fields.address.trim() === "") return fields.provider === "folder" ? "Choose a folder" : "Type an address";
  if (fields.name.trim() === "") return "Type a name";
  if (fields.provider === "folder" || fields.login !== "password") return null;
  if (fields.user.trim() === "") return "Type the user";
  if (fields.secret === "" && !fields.secretKept) return `Type the ${form.secretLabel.toLowerCase()}`;
  return null;
}

/** The draft that the program checks and saves. Without a keychain nothing is stored, whatever was asked. */
export function draftOf(fields: ConnectionFields, keychainAvailable: boolean): ConnectionDraft {
  const folder = fields.provider === "folder";
  const password = !folder && fields.login === "password";
  return {
    id: fields.id,
    name: fields.name.trim(),
    address: fields.address.trim(),
    loginMethod: folder ? "anonymous" : fields.login,
    username: password ? fields.user.trim() : null,
    password: password && fields.secret !== "" ? fields.secret : null,
    plainHttp: !folder && fields.plainHttp,
    caFile: folder ? null : fields.caFile,
    storeSecret: keychainAvailable && !fields.sessionOnly,
  };
}
