import { screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import type { ConnectionInfo } from "../../ipc";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { ImportLogins } from "./ImportLogins";
import { PinRepositories } from "./PinRepositories";
import { RemoveConnection } from "./RemoveConnection";

const known = createWorld("").connections;
const ghcr = known.find((candidate) => candidate.id === "ghcr") as ConnectionInfo;
const hub = known.find((candidate) => candidate.id === "hub") as ConnectionInfo;

const outcome = (host: string) => within(screen.getByText(host).closest("li") as HTMLElement);

test("an import says for each host what came of it", async () => {
  const refused = { code: "loginExpired", message: "The login is refused", hint: "Run `docker login lab.example`", retryable: false };
  const offline = { code: "unreachable", message: "docker.io cannot be reached", hint: null, retryable: true };
  const answer = {
    added: [
      { ...ghcr, repositories: 14 },
      { ...hub, problem: offline },
    ],
    problems: [{ host: "lab.example", problem: refused }],
  };
  const onImported = vi.fn();
  const hosts = ["ghcr.io", "https://index.docker.io/v1/", "lab.example", "quay.io"];
  renderWithDouble(<ImportLogins opened hosts={hosts} onClose={() => undefined} onImported={onImported} />, {
    instead: (command) => (command === "import_docker_logins" ? answer : undefined),
  });
  await screen.findByRole("list", { name: "Outcome for each host" });
  expect(outcome("ghcr.io").getByText("Added as GHCR, 14 repositories")).toBeTruthy();
  expect(outcome("docker.io").getByText("Added as Docker Hub. docker.io cannot be reached.")).toBeTruthy();
  expect(outcome("lab.example").getByText("Not added. The login is refused. Run `docker login lab.example`.")).toBeTruthy();
  expect(outcome("quay.io").getByText("Connected already")).toBeTruthy();
  await waitFor(() => expect(onImported).toHaveBeenCalledOnce());
});

/** A window that closes the import when it is told to. */
function Importing() {
  const [opened, setOpened] = useState(true);
  return <ImportLogins opened={opened} hosts={["ghcr.io"]} onClose={() => setOpened(false)} onImported={() => undefined} />;
}

test("an import that is left is cancelled in the program, and tells of no failure", async () => {
  const instead = (command: string) => (command === "import_docker_logins" ? new Promise(() => undefined) : undefined);
  const { user, calls } = renderWithDouble(<Importing />, { instead });
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(calls.some((call) => call.command === "cancel")).toBe(true));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("pinning takes several names by Enter, and a refusal stands in the dialog", async () => {
  const invalid = { code: "invalidInput", message: "A name has no capitals", hint: null, retryable: false };
  const onClose = vi.fn();
  const { user, calls } = renderWithDouble(<PinRepositories connection={ghcr} onClose={onClose} />, {
    instead: (command, given) =>
      command === "pin_repositories" && (given.names as string[]).includes("Team/Model") ? Promise.reject(invalid) : undefined,
  });
  const field = await screen.findByLabelText("Repositories to pin", { selector: "input" });
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Pin repositories" }).disabled).toBe(true);
  await user.type(field, "Team/Model{Enter}");
  await user.click(screen.getByRole("button", { name: "Pin 1 repository" }));
  expect(within(await screen.findByRole("alert")).getByText("A name has no capitals")).toBeTruthy();
  expect(onClose).not.toHaveBeenCalled();
  await user.type(field, "{Backspace}{Backspace}team/model team/other{Enter}{Enter}");
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(calls.filter((call) => call.command === "pin_repositories").at(-1)?.given.names).toEqual(["team/model", "team/other"]);
});

test("Esc leaves the pins as they are, also from the field", async () => {
  const onClose = vi.fn();
  const { user, calls } = renderWithDouble(<PinRepositories connection={ghcr} onClose={onClose} />);
  await user.click(await screen.findByLabelText("Repositories to pin", { selector: "input" }));
  await user.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledOnce();
  expect(calls.some((call) => call.command === "pin_repositories")).toBe(false);
});

test("removing says what is forgotten; Enter alone cancels, Ctrl+Enter removes", async () => {
  const onClose = vi.fn();
  const onRemoved = vi.fn();
  const { user, calls } = renderWithDouble(<RemoveConnection connection={ghcr} onClose={onClose} onRemoved={onRemoved} />);
  expect(await screen.findByText("Production, Frankfurt; Language models; Laboratory")).toBeTruthy();
  expect(await screen.findByText(/Its login is taken out of the keychain\. Nothing changes in the registry\./)).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  await user.keyboard("{Enter}");
  expect(onClose).toHaveBeenCalledOnce();
  expect(calls.some((call) => call.command === "remove_connection")).toBe(false);
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(onRemoved).toHaveBeenCalledWith("ghcr"));
});
