/** A double of the program for development and tests: believable data, and the states that are hard to reach. */
import { mockIPC } from "@tauri-apps/api/mocks";
import { answer } from "./answer";

export function installDouble(wanted: string): void {
  mockIPC((command, payload) => answer(wanted, command, payload));
}
