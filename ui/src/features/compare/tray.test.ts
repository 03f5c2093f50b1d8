import { notifications } from "@mantine/notifications";
import { renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { addToTray, clearTray, parse, removeFromTray, useTray } from "./tray";

const version = (name: string, repository = "a/b") => ({ connectionId: "ghcr", repository, digest: `sha256:${name}` });
const tray = () => renderHook(() => useTray()).result.current;
const many = (count: number) => Array.from({ length: count }, (_, place) => version(String(place)));

beforeEach(() => clearTray());

describe("the tray", () => {
  it("holds versions of any repository, each once, in the order in which they came", () => {
    addToTray([version("1"), version("2", "c/d")]);
    addToTray([version("1"), version("1", "c/d")]);
    expect(tray()).toEqual([version("1"), version("2", "c/d"), version("1", "c/d")]);
    removeFromTray(version("2", "c/d"));
    expect(tray()).toEqual([version("1"), version("1", "c/d")]);
  });

  it("takes eight, and says that more do not fit", () => {
    const said = vi.spyOn(notifications, "show");
    addToTray(many(8));
    expect(said).not.toHaveBeenCalled();
    addToTray([version("more")]);
    expect(tray()).toEqual(many(8));
    expect(said).toHaveBeenCalledOnce();
  });

  it("outlives the window, without what is no version", () => {
    addToTray(many(2));
    expect(parse(JSON.parse(localStorage.getItem("berth.compareTray") ?? ""))).toEqual(many(2));
    expect(parse([version("1"), null, 7, { connectionId: "ghcr" }, { ...version("2"), tag: "x" }])).toEqual([version("1"), version("2")]);
    expect(parse(many(12))).toHaveLength(8);
    expect(parse({})).toBeNull();
  });
});
