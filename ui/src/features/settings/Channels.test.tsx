import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { defaultSettings } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { Channels } from "./Channels";

it("whether a promotion asks first is a switch for each channel, saved at once; what a channel requires stays as it came", async () => {
  const save = vi.fn();
  const channels = defaultSettings.channels.map((one) => ({ ...one, requires: [`{"signature":"${one.name}"}`] }));
  const { user } = renderWithDouble(<Channels settings={{ ...defaultSettings, channels }} save={save} />);
  expect(within(screen.getByRole("list")).getAllByRole("switch")).toHaveLength(4);
  await user.click(screen.getByRole("switch", { name: "A promotion to staging asks first" }));
  const [production, staging, ...others] = channels;
  expect(save).toHaveBeenCalledWith({ channels: [production, { ...staging, asksFirst: true }, ...others] });
});
