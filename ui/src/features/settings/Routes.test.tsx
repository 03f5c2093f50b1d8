import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { createWorld } from "../../ipc/double/world";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { Routes } from "./Routes";
import { isRight, wrongRoute } from "./routePlaces";

function open() {
  const { connections, settings } = createWorld("");
  const save = vi.fn();
  return { ...renderWithDouble(<Routes settings={settings} save={save} connections={connections} />), save, settings };
}

it("a new route is saved behind the others, and only if it can be meant", async () => {
  const { user, save, settings } = open();
  await user.click(screen.getByRole("button", { name: "Add" }));
  await user.type(await screen.findByRole("textbox", { name: "Name" }), "Edge");
  await user.type(screen.getByRole("textbox", { name: "From: repositories" }), "vision/*");
  await user.type(screen.getByRole("textbox", { name: "To: repositories" }), "edge");
  await user.click(screen.getByRole("checkbox", { name: "SBOMs" }));
  await user.click(screen.getByRole("button", { name: "Add the route" }));
  await screen.findByText(/^Write a \* where/);
  expect(save).not.toHaveBeenCalled();
  await user.type(screen.getByRole("textbox", { name: "To: repositories" }), "/*");
  await user.click(screen.getByRole("button", { name: "Add the route" }));
  expect(save).toHaveBeenCalledWith({
    routes: [
      ...settings.routes,
      {
        name: "Edge",
        from: "Sample models/vision/*",
        to: "Docker Hub/edge/*",
        tag: "production",
        ownTag: true,
        referrers: ["signature", "attestation", "other"],
        platforms: [],
      },
    ],
  });
});

it("a route is removed by its menu", async () => {
  const { user, save, settings } = open();
  await user.click(screen.getByRole("button", { name: "What to do with Laboratory" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
  expect(save).toHaveBeenCalledWith({ routes: settings.routes.slice(0, 2) });
});

it("what cannot be a route is told by its field", () => {
  const good = { name: "a", from: "A/x/*", to: "B/y/*", tag: "production", ownTag: true, referrers: null, platforms: [] };
  expect(isRight(wrongRoute(good, []))).toBe(true);
  expect(wrongRoute({ ...good, name: "A" }, ["a"]).name).toBe("Already there");
  expect(wrongRoute({ ...good, from: "A/*/*" }, []).from).toBe("One * at most");
  expect(wrongRoute({ ...good, from: "A/x" }, []).to).toBe("The other end has no * to fill this one");
  expect(wrongRoute({ ...good, to: "A/x/*" }, []).to).toBe("It leads where it comes from");
  expect(wrongRoute({ ...good, tag: "a b" }, []).tag).toBe("Not a tag");
});
