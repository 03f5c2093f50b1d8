import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TagMove } from "../../ipc";
import { versionDetail } from "../../ipc/double/answerDetail";
import { defectDetector } from "../../ipc/double/data/versions";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { MovesSection } from "./MovesSection";

const here = defectDetector[2]?.row.digest ?? "";
const detail = versionDetail(createWorld(""), { connectionId: "ghcr", repository: "vision/defect-detector", digest: here });
const before = `sha256:11111111${"0".repeat(56)}`;
const after = `sha256:22222222${"0".repeat(56)}`;
const daysAgo = (days: number) => new Date(Date.now() - (days * 24 + 6) * 3_600_000).toISOString();

function show(moves: TagMove[]) {
  const { user, unmount } = renderWithDouble(<MovesSection detail={{ ...detail, moves }} />);
  const lines = () =>
    within(screen.getByRole("region", { name: "Tag moves" }))
      .getAllByRole("listitem")
      .map((item) => [...item.children].map((part) => part.textContent?.replaceAll("\u202F", " ")).join(" | "));
  return { user, unmount, lines };
}

test("moves to and away from the version stand with the time and the other end, the last first", () => {
  const { lines } = show([
    { tag: "edge", from: null, to: here, seen: daysAgo(40) },
    { tag: "staging", from: before, to: here, seen: daysAgo(9) },
    { tag: "latest", from: here, to: after, seen: daysAgo(5) },
    { tag: "edge", from: here, to: null, seen: daysAgo(3) },
  ]);
  expect(lines()).toEqual([
    "edge | was removed | 3 d ago",
    "latest | moved on to 22222222 | 5 d ago",
    "staging | moved from 11111111 | 9 d ago",
    "edge | appeared here | 5 wk ago",
  ]);
  expect(screen.getByText("22222222").title).toBe(after);
  expect(screen.getByText("3 d ago", { normalizer: (text) => text.replace("\u202F", " ") }).title).toMatch(/^\d{4}-\d\d-\d\d \d\d:/);
});

test("what a tag did between two other versions says nothing of this one", () => {
  const { lines, unmount } = show([
    { tag: "latest", from: null, to: before, seen: daysAgo(9) },
    { tag: "latest", from: before, to: here, seen: daysAgo(5) },
    { tag: "latest", from: after, to: null, seen: daysAgo(1) },
  ]);
  expect(lines()).toEqual(["latest | moved from 11111111 | 5 d ago"]);
  unmount();
  renderWithDouble(<MovesSection detail={{ ...detail, moves: [{ tag: "latest", from: before, to: after, seen: daysAgo(1) }] }} />);
  expect(screen.queryByRole("region")).toBeNull();
});

test("more moves than fit are opened on demand, and none is lost", async () => {
  const moves = Array.from({ length: 15 }, (_, day) => ({ tag: `nightly-${day}`, from: before, to: here, seen: daysAgo(day) }));
  const { user, lines } = show(moves);
  expect(lines()).toHaveLength(12);
  await user.click(screen.getByRole("button", { name: "3 earlier moves" }));
  expect(lines()).toHaveLength(15);
  expect(lines()[14]).toMatch(/^nightly-14 /);
});
