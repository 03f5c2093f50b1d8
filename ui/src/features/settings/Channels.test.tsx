import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { defaultSettings } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { Channels } from "./Channels";

it("whether a promotion asks first is a switch for each channel, saved at once; what a channel requires stays as it came", async () => {
  const save = vi.fn();
  const channels = defaultSettings.channels.map((one) => ({ ...one, requires: [{ kind: "sbom" as const }] }));
  const { user } = renderWithDouble(<Channels settings={{ ...defaultSettings, channels }} save={save} />);
  expect(within(screen.getByRole("list")).getAllByRole("switch")).toHaveLength(4);
  await user.click(screen.getByRole("switch", { name: "A promotion to staging asks first" }));
  const [production, staging, ...others] = channels;
  expect(save).toHaveBeenCalledWith({ channels: [production, { ...staging, asksFirst: true }, ...others] });
});

const key = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHabcdefgh\n-----END PUBLIC KEY-----";

function shown() {
  const save = vi.fn();
  const instead = (command: string) => (command === "pick_file" ? "/keys/cosign.pub" : command === "public_key_file" ? key : undefined);
  const { user } = renderWithDouble(<Channels settings={defaultSettings} save={save} />, { instead });
  return { save, user };
}

it("what a channel asks for is chosen in a dialog and saved with it alone", async () => {
  const { save, user } = shown();
  await user.click(screen.getByRole("button", { name: "A promotion to production asks for nothing" }));
  await user.click(await screen.findByRole("checkbox", { name: "A signature" }));
  await user.click(screen.getByRole("button", { name: "Choose a public key…" }));
  await screen.findByText("abcdefgh");
  await user.type(screen.getByLabelText("Metrics within bounds", { selector: "input" }), "accuracy >= 0.93{Enter}");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const [production, ...others] = defaultSettings.channels;
  const requires = [
    { kind: "signature", publicKey: key },
    { kind: "metric", bound: "accuracy >= 0.93" },
  ];
  expect(save).toHaveBeenCalledWith({ channels: [{ ...production, requires }, ...others] });
});

it("a bound that is none cannot be saved, and Cancel leaves everything as it was", async () => {
  const { save, user } = shown();
  await user.click(screen.getByRole("button", { name: "A promotion to staging asks for nothing" }));
  await user.type(await screen.findByLabelText("Metrics within bounds", { selector: "input" }), "accuracy{Enter}");
  screen.getByText(/accuracy: write a metric/);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(save).not.toHaveBeenCalled();
});
