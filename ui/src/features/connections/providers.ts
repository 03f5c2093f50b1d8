/** What the dialog asks for each provider: its words, its fixed host, the part of an address after the host, a hint for the secret. */
import type { Provider } from "../../ipc";

export interface ProviderForm {
  provider: Provider;
  /** In the list at the left. */
  label: string;
  /** Above the fields. */
  heading: string;
  icon: "box" | "branch" | "cloud" | "server" | "folder";
  /** Where only one address is possible: then only what follows it is asked. */
  fixedHost: string | null;
  /** What follows the host ("Owner"); null: the whole address is one field. */
  pathLabel: string | null;
  addressExample: string;
  secretLabel: "Token" | "Password" | "Key";
  secretHint: string;
  /** Known user name of a login that has only one. */
  fixedUser: string | null;
}

const usual = { fixedHost: null, pathLabel: null, fixedUser: null, secretLabel: "Password" } as const;

/** For everything that is in no list. */
const otherForm: ProviderForm = {
  ...usual,
  provider: "other",
  label: "Other registry",
  heading: "Registry",
  icon: "server",
  addressExample: "registry.example:5000",
  secretHint: "The user and password of the registry, or an access token.",
};

export const providerForms: readonly ProviderForm[] = [
  {
    ...usual,
    provider: "dockerHub",
    label: "Docker Hub",
    heading: "Docker Hub",
    icon: "box",
    fixedHost: "docker.io",
    pathLabel: "Namespace",
    addressExample: "docker.io/acme",
    secretLabel: "Token",
    secretHint: "A personal or organisation access token.",
  },
  {
    ...usual,
    provider: "ghcr",
    label: "GitHub (GHCR)",
    heading: "GitHub Container Registry",
    icon: "branch",
    fixedHost: "ghcr.io",
    pathLabel: "Owner",
    addressExample: "ghcr.io/acme",
    secretLabel: "Token",
    secretHint: "A classic token with read:packages.",
  },
  {
    ...usual,
    provider: "ecr",
    label: "Amazon ECR",
    heading: "Amazon Elastic Container Registry",
    icon: "cloud",
    addressExample: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    fixedUser: "AWS",
    secretHint: "What “aws ecr get-login-password” prints; it holds for 12 hours.",
  },
  {
    ...usual,
    provider: "artifactRegistry",
    label: "Google Artifact Registry",
    heading: "Google Artifact Registry",
    icon: "cloud",
    addressExample: "europe-west3-docker.pkg.dev/project",
    secretLabel: "Key",
    secretHint: "User _json_key with the whole JSON key of a service account, or oauth2accesstoken with an access token.",
  },
  {
    ...usual,
    provider: "acr",
    label: "Azure (ACR)",
    heading: "Azure Container Registry",
    icon: "cloud",
    addressExample: "acme.azurecr.io",
    secretHint: "The admin user, a service principal, or a token limited to repositories.",
  },
  {
    ...usual,
    provider: "harbor",
    label: "Harbor",
    heading: "Harbor",
    icon: "server",
    addressExample: "harbor.example/project",
    secretHint: "A user or a robot account (robot$…). With single sign-on: the CLI secret of the profile.",
  },
  {
    ...usual,
    provider: "quay",
    label: "Quay",
    heading: "Quay",
    icon: "server",
    addressExample: "quay.io/acme",
    secretHint: "A robot account (acme+name) with its token, or $oauthtoken.",
  },
  {
    ...usual,
    provider: "gitLab",
    label: "GitLab",
    heading: "GitLab container registry",
    icon: "branch",
    addressExample: "registry.gitlab.com/acme",
    secretLabel: "Token",
    secretHint: "A token with read_registry.",
  },
  otherForm,
  {
    ...usual,
    provider: "folder",
    label: "Folder (OCI layout)",
    heading: "Folder of OCI image layouts, or oci-archive",
    icon: "folder",
    addressExample: "/srv/models",
    secretHint: "",
  },
];

/** The form for a provider. Providers without an entry in the list share one that is close to them. */
export function formOf(provider: Provider): ProviderForm {
  const shared: Partial<Record<Provider, Provider>> = { ecrPublic: "ecr", ngc: "other", distribution: "other" };
  return providerForms.find((form) => form.provider === (shared[provider] ?? provider)) ?? otherForm;
}

/** A name to begin with: short for the well-known hosts, else the host. */
export function suggestedName(provider: Provider, address: string): string {
  const short: Partial<Record<Provider, string>> = { dockerHub: "Docker Hub", ghcr: "GHCR", gitLab: "GitLab" };
  const known = short[provider];
  if (known !== undefined) return known;
  const plain = withoutScheme(address.trim());
  if (provider === "folder") {
    return (
      plain
        .replace(/[\\/]+$/, "")
        .split(/[\\/]/)
        .pop()
        ?.replace(/\.tar$/i, "") ?? ""
    );
  }
  return (plain.split("/")[0] ?? "").replace(/[:@]/g, "-");
}

/** The suggested name; where it is taken, with what follows the host, else numbered. */
export function freeName(provider: Provider, address: string, taken: readonly string[]): string {
  const isFree = (name: string) => !taken.some((other) => other.toLowerCase() === name.toLowerCase());
  const name = suggestedName(provider, address);
  const [part] = provider === "folder" ? [] : pathOf(address).split("/");
  const longer = part === undefined || part === "" ? name : `${name} ${part}`;
  if (name === "" || isFree(name)) return name;
  if (isFree(longer)) return longer;
  for (let number = 2; ; number += 1) if (isFree(`${longer} ${number}`)) return `${longer} ${number}`;
}

/** `https://ghcr.io/acme` → `ghcr.io/acme`. */
export function withoutScheme(address: string): string {
  return address.replace(/^https?:\/\//i, "");
}

/** The host of an address, for comparing it with the docker logins of this computer. */
export function hostOf(address: string): string {
  return (withoutScheme(address.trim()).split("/")[0] ?? "").toLowerCase();
}

/** The host as references name it: Docker Hub is written in many ways. */
export function plainHost(address: string): string {
  const host = hostOf(address);
  return ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"].includes(host) ? "docker.io" : host;
}

/** What follows the host, without slashes around it. */
export function pathOf(address: string): string {
  return withoutScheme(address.trim())
    .split("/")
    .slice(1)
    .join("/")
    .replace(/^\/+|\/+$/g, "");
}
