/** The pictures were drawn at one moment; the double moves all their times so that this moment is now. */
const drawn = Date.parse("2026-11-21T11:41:00Z");
const shift = Date.now() - drawn;

export function moved(iso: string): string {
  return new Date(Date.parse(iso) + shift).toISOString();
}

export function ago(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

export const day = 24 * 60;
