import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { versionDetail } from "../../ipc/double/answerDetail";
import { defectDetector } from "../../ipc/double/data/versions";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { VersionDetailPane } from "./VersionDetailPane";

const digest = defectDetector[2]?.row.digest ?? "";
const address = { connectionId: "ghcr", repository: "vision/defect-detector", digest };
const detail = versionDetail(createWorld(""), address);

type Instead = (command: string, given: Record<string, unknown>) => unknown;

function show(instead?: Instead, platform: string | null = null) {
  const onOpenPage = vi.fn();
  const onClose = vi.fn();
  const pane = (
    <>
      <input aria-label="elsewhere" />
      <VersionDetailPane {...address} platform={platform} onOpenPage={onOpenPage} onClose={onClose} />
    </>
  );
  return { ...renderWithDouble(pane, instead ? { instead } : {}), onOpenPage, onClose };
}

const selectedTab = () => screen.getByRole("tab", { selected: true }).textContent;

describe("the tabs of a version", () => {
  test("are chosen by the keys 1 to 6, but not while something is typed", async () => {
    const { user } = show();
    await screen.findByText("ConvNeXt-S, feature pyramid");
    for (const [key, name] of [
      ["2", "Files"],
      ["3", "History"],
      ["4", "Config"],
      ["5", /^Referrers/],
      ["6", "JSON"],
      ["1", "Overview"],
    ] as const) {
      await user.keyboard(key);
      expect(selectedTab()).toMatch(name);
    }
    await user.type(screen.getByLabelText("elsewhere"), "4");
    expect(selectedTab()).toBe("Overview");
  });

  test("open the page at the tab that is shown", async () => {
    const { user, onOpenPage } = show();
    await screen.findByText("ConvNeXt-S, feature pyramid");
    await user.keyboard("4");
    await user.click(screen.getByRole("button", { name: "Open as a page" }));
    expect(onOpenPage).toHaveBeenCalledWith("config");
  });
});

describe("what a registry says of a version", () => {
  test("is shown as text, whatever it holds", async () => {
    const hostile = '<img src="x" onerror="window.stolen = true"><script>window.stolen = true</script>';
    const { container } = show((command) =>
      command === "version"
        ? {
            ...detail,
            tags: [{ name: hostile, channel: null, protected: false }],
            card: { ...detail.card, architecture: hostile, source: "javascript:window.stolen=true" },
            labels: [{ key: hostile, value: hostile }],
            problems: [hostile],
          }
        : undefined,
    );
    expect((await screen.findAllByText(hostile)).length).toBeGreaterThan(3);
    expect(container.querySelectorAll("img:not([role]), script, a")).toHaveLength(0);
    expect(screen.queryByRole("button", { name: /javascript/ })).toBeNull();
    expect("stolen" in window).toBe(false);
  });

  test("is shown of its own platform where it does not have the wanted one, and says so", async () => {
    const notFound = { code: "notFound", message: "There is no linux/s390x in this version", hint: null, retryable: false };
    show(
      (command, given) => (command === "version" && given.platform === "linux/s390x" ? Promise.reject(notFound) : undefined),
      "linux/s390x",
    );
    expect(await screen.findByText("none is linux/s390x")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("stands as a failure in the pane, with something to do, when it is not there at all", async () => {
    const notFound = { code: "notFound", message: "It is not in the index", hint: "Synchronise the repository", retryable: false };
    let fails = true;
    const { user } = show((command) => (command === "version" && fails ? Promise.reject(notFound) : undefined));
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("Synchronise the repository")).toBeTruthy();
    fails = false;
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("ConvNeXt-S, feature pyramid")).toBeTruthy();
  });

  test("without layers, history, config or referrers is told so in each tab", async () => {
    const bare = { ...detail, layers: [], history: [], config: null, referrers: [], filesReadable: false };
    const { user } = show((command) => (command === "version" ? bare : undefined));
    expect(await screen.findByText(/None is known: the manifest names no layers/)).toBeTruthy();
    await user.keyboard("2");
    expect(screen.getByText(/no file archives/)).toBeTruthy();
    await user.keyboard("3");
    expect(screen.getByText(/No history/)).toBeTruthy();
    await user.keyboard("4");
    expect(screen.getByText(/No config/)).toBeTruthy();
    await user.keyboard("5");
    expect(screen.getByText(/Nothing points at this version/)).toBeTruthy();
  });
});

describe("what points at a version", () => {
  test("stays on screen when the registry cannot be asked again", async () => {
    const unreachable = { code: "unreachable", message: "ghcr.io cannot be reached", hint: null, retryable: true };
    const { user } = show((command) => (command === "refresh_referrers" ? Promise.reject(unreachable) : undefined));
    await screen.findByText("ConvNeXt-S, feature pyramid");
    await user.keyboard("5");
    await user.click(screen.getByRole("button", { name: "Read again" }));
    expect(within(await screen.findByRole("alert")).getByText("What was seen before is shown.")).toBeTruthy();
    expect(screen.getByRole("region", { name: "SBOM" })).toBeTruthy();
  });

  test("is asked for anew when it was never read, and can be cancelled without an error", async () => {
    const never = { ...detail, referrers: [], referrersReadAt: null };
    const { user, calls } = show((command) => {
      if (command === "version") return never;
      return command === "refresh_referrers" ? new Promise(() => undefined) : undefined;
    });
    await screen.findByText("ConvNeXt-S, feature pyramid");
    await user.keyboard("5");
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(calls.some((call) => call.command === "cancel")).toBe(true));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByText("Not read yet")).toBeTruthy();
  });
});

test("the manifest is copied as it is stored, however it is shown", async () => {
  const stored = '{"schemaVersion":2,   "layers":[]}';
  const raw = { text: stored, mediaType: "application/vnd.oci.image.manifest.v1+json", sizeBytes: stored.length };
  const { user } = show((command) => (command === "raw_manifest" ? raw : undefined));
  await screen.findByText("ConvNeXt-S, feature pyramid");
  await user.keyboard("6");
  expect(await screen.findByText(/"schemaVersion": 2,/)).toBeTruthy();
  await user.click(within(screen.getByRole("tabpanel")).getByRole("button", { name: "Copy" }));
  expect(await navigator.clipboard.readText()).toBe(stored);
});
