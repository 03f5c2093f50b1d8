import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { defaultSettings } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { withAsking } from "../changes/promote/targets";
import { Channels } from "./Channels";

describe("whether a promotion asks first", () => {
  it("is no column where the program does not know the setting", () => {
    renderWithDouble(<Channels settings={defaultSettings} save={vi.fn()} />);
    expect(screen.queryByText("Asks first")).toBeNull();
    expect(screen.queryByRole("switch")).toBeNull();
  });

  it("is a switch for each channel where it does, and saved at once", async () => {
    const save = vi.fn();
    const channels = withAsking(withAsking(defaultSettings.channels, "production", true), "staging", false);
    const { user } = renderWithDouble(<Channels settings={{ ...defaultSettings, channels }} save={save} />);
    expect(screen.getByText("Asks first")).toBeTruthy();
    await user.click(screen.getByRole("switch", { name: "A promotion to staging asks first" }));
    expect(save).toHaveBeenCalledWith({ channels: withAsking(channels, "staging", true) });
  });
});
