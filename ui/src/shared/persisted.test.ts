import { act, renderHook } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { usePersisted } from "./persisted";

const asNumber = (value: unknown) => (typeof value === "number" ? value : null);
const use = () => renderHook(() => usePersisted("test.width", 216, asNumber)).result;

afterEach(() => {
  vi.restoreAllMocks();
  window.localStorage.clear();
});

describe("a small choice", () => {
  it("outlives the window", () => {
    const before = use();
    act(() => before.current[1]((width) => width + 10));
    expect(before.current[0]).toBe(226);
    expect(use().current[0]).toBe(226);
  });

  it.each(["not JSON", '"216"', "null", "{}"])("that was kept as %s is as at first", (kept) => {
    window.localStorage.setItem("test.width", kept);
    expect(use().current[0]).toBe(216);
  });

  it("holds until the window closes where nothing can be kept", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    const choice = use();
    act(() => choice.current[1](() => 300));
    expect(choice.current[0]).toBe(300);
  });
});
