import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { UnreadPane } from "./UnreadPane";

const tags = [{ name: "1.4.2", channel: null, protected: false }];
const place = { connectionId: "ghcr", repository: "vision/defect-detector", onClose: () => undefined };

test("a tag known by name only says so, and is read when asked", async () => {
  const { user, calls } = renderWithDouble(<UnreadPane {...place} row={{ tags, problem: null }} />);
  expect(screen.getByRole("heading", { name: "1.4.2" })).toBeTruthy();
  expect(screen.getByText("Only its name is known so far")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Read it now" }));
  await waitFor(() => expect(calls.find((call) => call.command === "sync")?.given).toMatchObject({ repository: "vision/defect-detector" }));
});

test("a tag that could not be read says why", () => {
  const problem = { code: "invalidAnswer", message: "The manifest is no JSON", hint: null, retryable: false } as const;
  renderWithDouble(<UnreadPane {...place} row={{ tags, problem }} />);
  expect(screen.getByText("The manifest is no JSON")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Read it again" })).toBeTruthy();
});
