import { notifications } from "@mantine/notifications";
import { mockIPC } from "@tauri-apps/api/mocks";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parseRoute } from "../../app/navigation/route";
import { createQueryClient } from "../../app/queryClient";
import { answer } from "../../ipc/double/answer";
import picture from "../../ipc/double/data/defectDetector.json";
import { createWorld, type World } from "../../ipc/double/world";
import { compareVersions, compareWithPrevious } from "./comparing";

let world: World;
let said: ReturnType<typeof vi.spyOn>;

const nameOf = (digest: string) => picture.versions.find((version) => version.digest === digest)?.tags[0]?.[0];
const at = (tag: string, repository = "vision/defect-detector") => ({
  connectionId: "ghcr",
  repository,
  digest: picture.versions.find((version) => version.tags.some(([name]) => name === tag))?.digest ?? "",
});
/** The first tags of what is compared now, the reference first. */
const compared = () => {
  const route = parseRoute(window.location.hash);
  return route.page === "compare" ? route.versions.map((version) => nameOf(version.digest)) : route.page;
};
const compare = (...tags: string[]) =>
  compareVersions(
    createQueryClient(),
    tags.map((tag) => at(tag)),
  );

beforeEach(() => {
  world = createWorld("");
  mockIPC((command, payload) => answer(world, command, payload));
  window.location.hash = "";
  vi.restoreAllMocks();
  said = vi.spyOn(notifications, "show");
});

describe("one version", () => {
  it("is held against the one in production", async () => {
    await compare("1.5.0-rc.2");
    expect(compared()).toEqual(["1.4.0", "1.5.0-rc.2"]);
  });

  it("is held against the one before it where it is in production itself", async () => {
    await compare("1.4.0");
    expect(compared()).toEqual(["1.4.0-rc.1", "1.4.0"]);
  });

  it("is held against the one before it where no channel is production, or nothing is on it", async () => {
    world.settings.channels = world.settings.channels.filter((channel) => channel.mark !== "full");
    await compare("1.4.1");
    expect(compared()).toEqual(["1.4.0", "1.4.1"]);
    window.location.hash = "";
    world.settings.channels = [{ name: "live", mark: "full", asksFirst: true, requires: [] }];
    await compare("1.4.1");
    expect(compared()).toEqual(["1.4.0", "1.4.1"]);
  });

  it("has one of its own kind before it, if there is one, and none of other tags", async () => {
    const previous = (tag: string) => compareWithPrevious(createQueryClient(), at(tag));
    await previous("1.4.2");
    expect(compared()).toEqual(["1.4.1", "1.4.2"]);
    await previous("1.4.2-onnx");
    expect(compared()).toEqual(["1.4.1", "1.4.2-onnx"]);
    await previous("nightly");
    expect(compared()).toEqual(["pr-231", "nightly"]);
    window.location.hash = "";
    await previous("0.9.0");
    expect(compared()).toBe("browse");
    expect(said).toHaveBeenCalledOnce();
  });
});

describe("several versions", () => {
  it("are held against the oldest", async () => {
    await compare("1.4.2", "1.5.0-rc.2", "1.4.0");
    expect(compared()).toEqual(["1.4.0", "1.4.2", "1.5.0-rc.2"]);
  });

  it("are at most eight, and that is said", async () => {
    const tags = picture.versions.map((version) => String(version.tags[0]?.[0]));
    await compare(...tags.slice(0, 9));
    expect(compared()).toBe("browse");
    expect(said).toHaveBeenCalledWith({ message: "At most 8 versions can be compared; these are 9" });
    await compare(...tags.slice(0, 8));
    expect(compared()).toHaveLength(8);
  });
});
