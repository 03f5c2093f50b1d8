/** Reading that takes its time: how far it is, and a way to stop it. */
export { ReadingProgress } from "./ReadingProgress";
export { type Reading, useReading } from "./useReading";
