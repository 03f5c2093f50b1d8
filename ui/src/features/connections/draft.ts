/**
 * The state of the connection dialog and what it becomes. `Choices` is what the person decided; what they left open follows the
 * address: the provider is guessed, the name suggested, a docker login of this computer proposed.
 */
import type { CheckStep, ConnectionDraft, ConnectionInfo, LoginMethod, Provider } from "../../ipc";
import { formOf, freeName, hostOf, pathOf, plainHost } from "./providers";

export interface Choices {
  id: string | null;
  /** null: guessed from the address. */
  provider: Provider | null;
  /** null: suggested. */
  name: string | null;
  address: string;
  /** null: the likely one. */
  login: LoginMethod | null;
  user: string;
  secret: string;
  /** Where the secret goes that is kept for this connection already; null: none is kept. */
  kept: { host: string; plainHttp: boolean } | null;
  plainHttp: boolean;
  caFile: string | null;
  clientCertificate: string | null;
  sessionOnly: boolean;
  /** The folder or archive is not there yet, and is to be made. */
  makeNew: boolean;
  /** Repositories by name, for a login that may pull but not list. */
  pinned: string[];
}

/** The choices with everything that was left open filled in. */
export interface Fields extends Choices {
  provider: Provider;
  name: string;
  login: LoginMethod;
  /** An empty field leaves the secret as it is. One that was kept for another host, or for TLS, is asked for again. */
  secretKept: boolean;
}

const nothingChosen: Choices = {
  id: null,
  provider: null,
  name: null,
  address: "",
  login: null,
  user: "",
  secret: "",
  kept: null,
  plainHttp: false,
  caFile: null,
  clientCertificate: null,
  sessionOnly: false,
  makeNew: false,
  pinned: [],
};

export function choicesOf(connection: ConnectionInfo | null): Choices {
  if (connection === null) return nothingChosen;
  return {
    ...nothingChosen,
    id: connection.id,
    provider: connection.provider,
    name: connection.name,
    address: connection.location,
    login: connection.loginMethod,
    user: connection.username ?? "",
    kept:
      connection.loginState === "stored" || connection.loginState === "session"
        ? { host: hostOf(connection.location), plainHttp: connection.plainHttp }
        : null,
    plainHttp: connection.plainHttp,
    caFile: connection.caFile,
    clientCertificate: connection.clientCertificate,
    sessionOnly: connection.loginState === "session",
    pinned: connection.pinned,
  };
}

/** Whether it is reached otherwise than by TLS that the system trusts. */
export function hasOwnTransport({ plainHttp, caFile, clientCertificate }: ConnectionInfo): boolean {
  return plainHttp || caFile !== null || clientCertificate !== null;
}

/** `taken`: the names of the other connections. */
export function resolve(choices: Choices, guess: Provider, dockerLogins: readonly string[], taken: readonly string[]): Fields {
  const provider = choices.provider ?? guess;
  const plainHttp = saysScheme(choices.address) ? saysPlainHttp(choices.address) : choices.plainHttp;
  const { kept } = choices;
  return {
    ...choices,
    provider,
    name: choices.name ?? freeName(provider, choices.address, taken),
    login: choices.login ?? likelyLogin(provider, choices.address, dockerLogins),
    plainHttp,
    secretKept: kept !== null && kept.host === hostOf(choices.address) && (kept.plainHttp || !plainHttp),
    user: choices.user === "" ? (formOf(provider).fixedUser ?? "") : choices.user,
  };
}

/** A scheme before the address says it more clearly than the switch. */
export function saysScheme(address: string): boolean {
  return /^\s*https?:\/\//i.test(address);
}

function saysPlainHttp(address: string): boolean {
  return /^\s*http:\/\//i.test(address);
}

/** The provider chosen in the list. Its own host replaces another one; what followed the host stays. */
export function withProvider(choices: Choices, before: Provider, provider: Provider): Choices {
  const form = formOf(provider);
  const foreign = before === "folder" || provider === "folder";
  const path = foreign ? "" : pathOf(choices.address);
  const kept = foreign || isFixedHost(choices.address) ? "" : choices.address;
  return { ...choices, provider, address: form.fixedHost === null ? kept : joinAddress(form.fixedHost, path) };
}

/** A docker login of this computer is used in place where there is one; known providers otherwise want a secret. */
function likelyLogin(provider: Provider, address: string, dockerLogins: readonly string[]): LoginMethod {
  if (provider === "folder") return "anonymous";
  if (hasDockerLogin(address, dockerLogins)) return "docker";
  return provider === "other" || provider === "distribution" || provider === "ecrPublic" ? "anonymous" : "password";
}

export function hasDockerLogin(address: string, dockerLogins: readonly string[]): boolean {
  const host = plainHost(address);
  return host !== "" && dockerLogins.some((login) => plainHost(login) === host);
}

function isFixedHost(address: string): boolean {
  return ["docker.io", "ghcr.io"].includes(plainHost(address));
}

export function joinAddress(host: string, path: string): string {
  const rest = path.trim().replace(/^\/+/, "");
  return rest === "" ? host : `${host}/${rest}`;
}

/** The fields that an error can stand at. */
export type FieldName = "name" | "address" | "user" | "secret" | "caFile";

export interface FieldError {
  field: FieldName;
  words: string;
}

/** What is still missing or taken, in words for the person; null: it can be checked. */
export function missing(fields: Fields, taken: readonly string[]): FieldError | null {
  if (fields.address.trim() === "")
    return { field: "address", words: fields.provider === "folder" ? "Choose a folder" : "Type an address" };
  const name = fields.name.trim();
  if (name === "") return { field: "name", words: "Type a name" };
  if (/[/:@\\]/.test(name)) return { field: "name", words: "A name cannot hold / : @ or \\" };
  if (taken.some((other) => other.toLowerCase() === name.toLowerCase()))
    return { field: "name", words: "Another connection has this name" };
  if (fields.provider === "folder" || fields.login !== "password") return null;
  if (fields.user.trim() === "") return { field: "user", words: "Type the user" };
  if (fields.secret === "" && !fields.secretKept)
    return { field: "secret", words: `Type the ${formOf(fields.provider).secretLabel.toLowerCase()}` };
  return null;
}

/** The field that a failed step of a check speaks of, so that the eye finds it; null: none of them. */
export function fieldOfStep(step: CheckStep["step"], fields: Fields): FieldName | null {
  if (step === "name" || step === "connect" || step === "api") return "address";
  if (step === "tls") return "caFile";
  return step === "login" && fields.provider !== "folder" && fields.login === "password" ? "secret" : null;
}

/** The draft that the program checks and saves. Without a keychain nothing is stored, whatever was asked. */
export function draftOf(fields: Fields, keychainAvailable: boolean): ConnectionDraft {
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
    clientCertificate: folder ? null : fields.clientCertificate,
    storeSecret: keychainAvailable && !fields.sessionOnly,
    makeNew: folder && fields.makeNew,
  };
}
