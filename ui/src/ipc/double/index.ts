/** A double of the program for development and tests: believable data, and the states that are hard to reach. Never in a release. */
import { mockIPC } from "@tauri-apps/api/mocks";
import { answer } from "./answer";
import { createWorld, type World } from "./world";

/** Answers all commands from a world of its own (see `world.ts` for their names). */
export function installDouble(wanted: string): World {
  const world = createWorld(wanted);
  mockIPC((command, payload) => answer(world, command, payload));
  return world;
}
