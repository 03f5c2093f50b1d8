/** How fast something goes and how long the rest takes, as the program tells it. */
interface Pace {
  bytesPerSecond: number;
  secondsLeft: number;
}

/** `26.3 MB/s, 8 s left`; nothing while no rate is known. `bytes` writes sizes. */
export function paceWords(pace: Pace | null, bytes: (size: number) => string): string {
  return pace === null ? "" : `${bytes(pace.bytesPerSecond)}/s, ${spanWords(pace.secondsLeft)} left`;
}

/** `8 s`, `4 min`, `2 h 5 min`: what a person waits. */
export function spanWords(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))}\u202Fs`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}\u202Fmin`;
  return minutes % 60 === 0 ? `${minutes / 60}\u202Fh` : `${Math.floor(minutes / 60)}\u202Fh ${minutes % 60}\u202Fmin`;
}
