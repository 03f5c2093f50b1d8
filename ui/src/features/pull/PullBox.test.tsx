import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import { versionDetail } from "../../ipc/double/answerDetail";
import { defectDetector } from "../../ipc/double/data/versions";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { PullBox, shortened } from "./PullBox";
import { pullByDigest } from "./pullChoice";
import { usePullKeys } from "./usePullKeys";

const digest = defectDetector[2]?.row.digest ?? "";
const connection = createWorld("").connections.find((candidate) => candidate.name === "GHCR");
const address = { connectionId: connection?.id ?? "", repository: "vision/defect-detector", digest };
const detail = versionDetail(createWorld(""), address);

function show(changed: Partial<typeof detail> = {}, instead?: (command: string) => unknown) {
  return renderWithDouble(
    <>
      <button type="button" data-list data-testid="list" />
      <PullBox address={address} detail={{ ...detail, ...changed }} />
      <Keys />
    </>,
    { instead },
  );
}

function Keys() {
  usePullKeys([address]);
  return null;
}

beforeEach(() => {
  window.localStorage.clear();
  pullByDigest(null);
});

describe("the pull command", () => {
  test("is copied whole, though its digest is shortened on screen", async () => {
    const { user } = show();
    const code = await screen.findByText(/docker pull/);
    expect(code.textContent).toContain(`@${digest.slice(0, 19)}…`);
    await user.click(screen.getByRole("button", { name: "Copy" }));
    await waitFor(async () =>
      expect(await navigator.clipboard.readText()).toBe(`docker pull ${connection?.location}/vision/defect-detector@${digest}`),
    );
  });

  test("goes by tag when asked, and Y copies it while a list has the focus", async () => {
    const { user } = show();
    await screen.findByText(/docker pull/);
    await user.click(screen.getByRole("radio", { name: "Tag" }));
    await waitFor(() => expect(screen.getByText(/docker pull/).textContent).toContain("defect-detector:1.4.2"));
    screen.getByTestId("list").focus();
    await user.keyboard("y");
    await waitFor(async () =>
      expect(await navigator.clipboard.readText()).toBe(`docker pull ${connection?.location}/vision/defect-detector:1.4.2`),
    );
    await user.keyboard("{Shift>}Y{/Shift}");
    expect(await navigator.clipboard.readText()).toBe(digest);
  });

  test("remembers the tool that was used last", async () => {
    const first = show();
    await first.user.click(await screen.findByRole("combobox", { name: "Tool" }));
    await first.user.click(await screen.findByRole("option", { name: "podman" }));
    expect(await screen.findByText(/podman pull/)).toBeTruthy();
    first.unmount();
    show();
    expect(await screen.findByText(/podman pull/)).toBeTruthy();
  });

  test("is copied by its key for the tool that was just chosen", async () => {
    const { user } = show();
    await user.click(await screen.findByRole("combobox", { name: "Tool" }));
    await user.click(await screen.findByRole("option", { name: "podman" }));
    screen.getByTestId("list").focus();
    await user.keyboard("y");
    await waitFor(async () => expect(await navigator.clipboard.readText()).toMatch(/^podman pull/));
  });

  test("of a tool that knows tags only stands by tag, though digests are preferred", async () => {
    const command = { tool: "skopeo", label: "skopeo", command: "skopeo copy oci:models:1.4.2 dir:here", note: "folders are read by tag" };
    show({}, (asked) => (asked === "pull_commands" ? [command] : undefined));
    await screen.findByText(/skopeo copy/);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Tag" }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Digest" }).disabled).toBe(true);
  });

  test("of a version without tags goes by digest only", async () => {
    const { calls } = show({ tags: [] });
    await screen.findByText(/docker pull/);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Tag" }).disabled).toBe(true);
    expect(calls.filter((call) => call.command === "pull_commands").every((call) => call.given.byDigest === true)).toBe(true);
  });
});

test("only long digests are shortened", () => {
  expect(shortened(`docker pull a/b@sha256:${"0123456789abcdef".repeat(4)}`)).toBe("docker pull a/b@sha256:0123456789ab…");
  expect(shortened("docker pull a/b:sha256-test")).toBe("docker pull a/b:sha256-test");
});
