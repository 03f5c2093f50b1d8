import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { CheckStep, ConnectionInfo } from "../../ipc";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { ConnectionDialog } from "./ConnectionDialog";

const step = (name: CheckStep["step"], ok: boolean | null, hint: string | null = null): CheckStep => ({
  step: name,
  ok,
  detail: "",
  hint,
  milliseconds: 12,
});
const usable = [step("name", true), step("connect", true), step("api", true), step("login", true), step("list", true), step("pull", true)];

function show(connection: ConnectionInfo | null, steps: CheckStep[] | undefined, wanted = "") {
  const onSaved = vi.fn();
  const onClose = vi.fn();
  const instead = (command: string) => (command === "check_draft" ? steps : undefined);
  return {
    ...renderWithDouble(<ConnectionDialog opened connection={connection} onClose={onClose} onSaved={onSaved} />, { wanted, instead }),
    onSaved,
    onClose,
  };
}

const drafts = (calls: { command: string; given: Record<string, unknown> }[], command: string) =>
  calls.filter((call) => call.command === command).map((call) => call.given.draft as Record<string, unknown>);

/** What stands below a field that is wrong, as assistive technology finds it. */
function wrongWith(field: HTMLElement): string | null {
  expect(field.getAttribute("aria-invalid")).toBe("true");
  const ids = (field.getAttribute("aria-describedby") ?? "").split(" ");
  return ids.map((id) => document.getElementById(id)?.textContent ?? "").join("");
}

describe("adding a connection", () => {
  test("guesses the provider while the address is typed, suggests a name and the docker login of this computer", async () => {
    const { user } = show(null, usable);
    await user.type(await screen.findByLabelText("Address"), "ghcr.io/acme");
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>("radio", { name: "GitHub (GHCR)" }).checked).toBe(true));
    // A connection named GHCR is there already.
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("GHCR acme");
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "docker login" }).checked).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>("Address").value).toBe("ghcr.io/acme");
  });

  test("checks before it saves, and saves at once what works in full", async () => {
    const { user, calls, onSaved } = show(null, usable);
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "Password" }));
    await user.type(screen.getByLabelText("User"), "ada");
    await user.type(screen.getByLabelText("Password", { selector: "input[type=password]" }), "s3cret");
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
    const [checked] = drafts(calls, "check_draft");
    expect(checked).toEqual(drafts(calls, "save_connection")[0]);
    expect(checked).toMatchObject({ loginMethod: "password", username: "ada", password: "s3cret", storeSecret: true });
  });

  test("shows what does not work first, and saves it only when pressed again", async () => {
    const { user, calls, onSaved } = show(null, [...usable, step("delete", false, "The token lacks delete:packages.")]);
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    expect(await screen.findByText("The token lacks delete:packages.")).toBeTruthy();
    expect(drafts(calls, "save_connection")).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Add without delete" }));
    await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
  });

  test("refuses to save where the login is refused; a change asks for a new check", async () => {
    const { user, calls } = show(null, [step("name", true), step("login", false, "Wrong user or password.")]);
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Check" }));
    await screen.findByText("Wrong user or password.");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Add connection" }).disabled).toBe(true);
    await user.type(screen.getByLabelText("Name"), "2");
    expect(screen.queryByText("Wrong user or password.")).toBeNull();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Add connection" }).disabled).toBe(false);
    expect(drafts(calls, "save_connection")).toHaveLength(0);
  });

  test("says what is missing at its field, instead of asking the program", async () => {
    const { user, calls } = show(null, usable);
    await user.click(await screen.findByRole("button", { name: "Check" }));
    expect(wrongWith(screen.getByLabelText("Address"))).toBe("Type an address");
    await user.type(screen.getByLabelText("Address"), "models.example");
    await user.clear(screen.getByLabelText("Name"));
    expect(wrongWith(screen.getByLabelText("Name"))).toBe("Type a name");
    await user.type(screen.getByLabelText("Name"), "a/b");
    expect(wrongWith(screen.getByLabelText("Name"))).toMatch(/cannot hold/);
    await user.clear(screen.getByLabelText("Name"));
    await user.type(screen.getByLabelText("Name"), "ghcr");
    expect(wrongWith(screen.getByLabelText("Name"))).toBe("Another connection has this name");
    expect(drafts(calls, "save_connection")).toHaveLength(0);
  });

  test("marks the field that a check stopped at", async () => {
    const { user } = show(null, [step("name", true), step("connect", true), step("tls", false, "Choose the file of its authority")]);
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Check" }));
    expect(await screen.findByText("Choose the file of its authority")).toBeTruthy();
    expect(wrongWith(await screen.findByLabelText("CA file"))).toBe("No trusted encryption");
    await user.click(screen.getByRole("button", { name: "Choose… CA file" }));
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("CA file").value).toBe("/etc/ssl/lab-root-ca.pem"));
    expect(screen.queryByText("No trusted encryption")).toBeNull();
  });

  test("shows an address that says http as plain, with what that means", async () => {
    const { user, calls } = show(null, usable);
    await user.type(await screen.findByLabelText("Address"), "http://10.0.0.7:5000");
    expect(screen.getByRole<HTMLInputElement>("switch", { name: "Plain HTTP" }).checked).toBe(true);
    expect(screen.getByText(/Without TLS everybody on the way can read the login/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("10.0.0.7-5000");
    await user.click(screen.getByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    await waitFor(() => expect(drafts(calls, "save_connection")[0]).toMatchObject({ plainHttp: true }));
  });

  test("keeps everything that was typed when saving fails, and says why", async () => {
    const denied = { code: "keychainUnavailable", message: "The keychain is locked", hint: "Unlock it, then save again", retryable: true };
    const onSaved = vi.fn();
    const { user } = renderWithDouble(<ConnectionDialog opened connection={null} onClose={() => undefined} onSaved={onSaved} />, {
      instead: (command) => (command === "check_draft" ? usable : command === "save_connection" ? Promise.reject(denied) : undefined),
    });
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("The keychain is locked")).toBeTruthy();
    expect(within(alert).getByText("Unlock it, then save again")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Address").value).toBe("models.example");
    expect(onSaved).not.toHaveBeenCalled();
  });

  test("closes by Esc without saving, and a check that runs is cancelled", async () => {
    const onClose = vi.fn();
    const { user, calls, unmount } = renderWithDouble(
      <ConnectionDialog opened connection={null} onClose={onClose} onSaved={() => undefined} />,
      { instead: (command) => (command === "check_draft" ? new Promise(() => undefined) : undefined) },
    );
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Check" }));
    await user.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
    unmount();
    await waitFor(() => expect(calls.some((call) => call.command === "cancel")).toBe(true));
  });

  test("pins repositories by name where listing is refused", async () => {
    const { user, calls, onSaved } = show(null, [...usable.slice(0, 4), step("list", false), step("pull", true)]);
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "None" }));
    await user.click(screen.getByRole("button", { name: "Check" }));
    await user.type(await screen.findByLabelText("Repositories"), "team/model{Enter}");
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    await user.click(await screen.findByRole("button", { name: "Add without listing" }));
    await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
    expect(calls.find((call) => call.command === "pin_repositories")?.given.names).toEqual(["team/model"]);
  });

  test("without a keychain keeps the login for this session only, and says so", async () => {
    const { user, calls } = show(null, usable, "keychain");
    await user.type(await screen.findByLabelText("Address"), "models.example");
    await user.click(screen.getByRole("radio", { name: "Password" }));
    expect(await screen.findByText(/lasts until Berth closes/)).toBeTruthy();
    await user.type(screen.getByLabelText("User"), "ada");
    await user.type(screen.getByLabelText("Password", { selector: "input[type=password]" }), "s3cret{Enter}");
    await waitFor(() => expect(drafts(calls, "save_connection")[0]).toMatchObject({ storeSecret: false }));
  });

  test("of a folder asks for nothing but the folder", async () => {
    const { user, calls } = show(null, [step("list", true)]);
    await user.click(await screen.findByText("Folder (OCI layout)"));
    await user.click(screen.getByRole("button", { name: "Choose…" }));
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Folder").value).toBe("/home/ada/models"));
    expect(screen.queryByText("Login")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    await waitFor(() =>
      expect(drafts(calls, "save_connection")[0]).toMatchObject({ address: "/home/ada/models", name: "models", loginMethod: "anonymous" }),
    );
  });
});

describe("a folder or archive that is not there yet", () => {
  test("is offered to be made, and made only if that is wanted", async () => {
    const { user, calls } = show(null, [step("connect", true)]);
    await user.click(await screen.findByText("Folder (OCI layout)"));
    await user.type(screen.getByLabelText("Folder"), "/new/attic.tar");
    const offer = await screen.findByRole<HTMLInputElement>("checkbox", { name: "Make it: an empty archive" });
    expect(offer.checked).toBe(false);
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("attic");
    await user.click(screen.getByRole("button", { name: "Check" }));
    await user.click(offer);
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    await waitFor(() => expect(drafts(calls, "save_connection")[0]).toMatchObject({ address: "/new/attic.tar", makeNew: true }));
    expect(drafts(calls, "check_draft").map((draft) => draft.makeNew)).toEqual([false, true]);
  });

  test("is not made after all once another path is typed", async () => {
    const { user, calls } = show(null, usable);
    await user.click(await screen.findByText("Folder (OCI layout)"));
    await user.type(screen.getByLabelText("Folder"), "/new/attic");
    await user.click(await screen.findByRole("checkbox", { name: "Make it: an empty folder" }));
    await user.clear(screen.getByLabelText("Folder"));
    await user.type(screen.getByLabelText("Folder"), "/srv/models");
    await waitFor(() => expect(screen.queryByRole("checkbox")).toBeNull());
    await user.click(screen.getByRole("button", { name: "Add connection" }));
    await waitFor(() => expect(drafts(calls, "save_connection")[0]).toMatchObject({ address: "/srv/models", makeNew: false }));
  });
});

describe("a connection whose login has expired", () => {
  test("asks for the secret alone and keeps everything else", async () => {
    const known = createWorld("").connections.find((candidate) => candidate.provider === "ghcr");
    if (known === undefined) throw new Error("the double has a GHCR connection");
    const expired: ConnectionInfo = { ...known, loginMethod: "password", username: "acme-bot", loginState: "expired" };
    const { user, calls, onSaved } = show(expired, usable);
    const dialog = await screen.findByRole("dialog", { name: `Log in again to ${expired.name}` });
    await user.type(within(dialog).getByLabelText("Token", { selector: "input[type=password]" }), "fresh");
    await user.click(within(dialog).getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
    expect(drafts(calls, "save_connection")[0]).toMatchObject({
      id: expired.id,
      address: expired.location,
      username: "acme-bot",
      password: "fresh",
    });
  });

  test("does not ask twice because of what the connection could never do", async () => {
    const known = createWorld("").connections.find((candidate) => candidate.loginState === "expired") ?? null;
    const { user, onSaved } = show(known, [...usable, step("delete", false, "deletes are off")]);
    await user.type(await screen.findByLabelText("Password", { selector: "input[type=password]" }), "fresh{Enter}");
    await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
  });
});
