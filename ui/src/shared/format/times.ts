/** Times: short and relative in lists, full with zone on hover, a clock where one waits. Now is passed in. */
export type TimeStyle = "relative" | "absolute";

const narrowSpace = "\u202F";
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `just now`, `2 min ago`, `9 h ago`, `3 d ago`, `5 wk ago`, `4 mo ago`, `1 yr ago`; a time ahead of the clock is `in 3 d`. */
export function formatRelative(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return "—";
  const age = Math.abs(now - then);
  if (age < minute) return "just now";
  const [value, unit] = amount(age);
  const text = `${value}${narrowSpace}${unit}`;
  return then > now ? `in ${text}` : `${text} ago`;
}

/** An age without "ago": `3 d`, `2 h`. */
export function formatAge(iso: string, now: number): string {
  const age = Math.max(0, now - Date.parse(iso));
  if (Number.isNaN(age)) return "—";
  if (age < minute) return "under a minute";
  const [value, unit] = amount(age);
  return `${value}${narrowSpace}${unit}`;
}

function amount(age: number): [number, string] {
  if (age < hour) return [Math.floor(age / minute), "min"];
  if (age < day) return [Math.floor(age / hour), "h"];
  const days = Math.floor(age / day);
  if (days < 14) return [days, "d"];
  if (days < 61) return [Math.floor(days / 7), "wk"];
  if (days < 365) return [Math.floor(days / 30.44), "mo"];
  return [Math.floor(days / 365.25) || 1, "yr"];
}

/** `15 Sep 2026`, local. */
export function formatDay(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "—" : `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

/** `Friday, 20 Nov 2026`, or without its year, local. */
export function formatLongDay(iso: string, withYear: boolean): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "—";
  return `${weekdays[date.getDay()]}, ${date.getDate()} ${months[date.getMonth()]}${withYear ? ` ${date.getFullYear()}` : ""}`;
}

/** `2026-09-15`, local, as a field for days holds it. */
export function dayOf(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ""
    : `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The first or the last moment of a local day; null for what is no day. */
export function momentOf(day: string, end: boolean): string | null {
  const moment = new Date(`${day}T${end ? "23:59:59" : "00:00:00"}`);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** `14:32`, local. */
export function formatClock(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "—" : `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `14:32:07`, local: where steps follow each other. */
export function formatSeconds(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "—" : `${formatClock(iso)}:${two(date.getSeconds())}`;
}

/** `2026-09-15 08:47:03 +02:00`: for hover, where nothing may be left open. */
export function formatFull(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "\u2212" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${dayOf(iso)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

/** `Apr to Jul 2026`, `Nov 2025 to Feb 2026`, `Jul 2026`. */
export function formatMonths(oldest: string, newest: string): string {
  const from = new Date(oldest);
  const to = new Date(newest);
  const end = `${months[to.getMonth()]} ${to.getFullYear()}`;
  const start = `${months[from.getMonth()]} ${from.getFullYear()}`;
  if (start === end) return end;
  return from.getFullYear() === to.getFullYear() ? `${months[from.getMonth()]} to ${end}` : `${start} to ${end}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
