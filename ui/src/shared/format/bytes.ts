/** Sizes as people read them: three significant digits, U+202F between number and unit. The same table of cases tests the Rust side. */
export type SizeUnits = "si" | "iec";

const narrowSpace = "\u202F";
const units = {
  si: { step: 1000, names: ["B", "kB", "MB", "GB", "TB", "PB", "EB"] },
  iec: { step: 1024, names: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] },
};

/** `2.09 GB`, `97.2 MB`, `414 kB`, `0 B`. A value that rounds up to 1000 moves to the next unit. */
export function formatBytes(bytes: number, system: SizeUnits = "si"): string {
  const { step, names } = units[system];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (unit < names.length - 1 && (value >= step || (unit > 0 && Number(threeDigits(value)) >= step))) {
    value /= step;
    unit += 1;
  }
  return `${unit === 0 ? String(Math.round(value)) : threeDigits(value)}${narrowSpace}${names[unit]}`;
}

/** Three significant digits and no exponent; `0.999` of the next unit counts as 1000 of this one. */
function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}
