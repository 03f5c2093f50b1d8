/** Every text role is AA on every ground that it may stand on, in both schemes, computed from the tokens themselves. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Linear = [number, number, number];

/** OKLCH to linear sRGB, clamped to what a screen shows. */
function linear(lightness: number, chroma: number, hue: number): Linear {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const inGamut = (value: number) => Math.min(1, Math.max(0, value));
  return [
    inGamut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    inGamut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    inGamut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function luminance([red, green, blue]: Linear): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Linear, other: Linear): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((left, right) => right - left) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const css = readFileSync("src/theme/tokens.css", "utf8");

function scheme(name: "light" | "dark"): (token: string) => Linear {
  const block = css.split(`[data-mantine-color-scheme="${name}"] {`)[1]?.split("\n}")[0] ?? "";
  const colours = new Map<string, Linear>();
  for (const [, token = "", lightness, chroma, hue] of block.matchAll(/(--b-[\w-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g))
    colours.set(token, linear(Number(lightness), Number(chroma), Number(hue)));
  return (token) => {
    const colour = colours.get(`--b-${token}`);
    if (colour === undefined) throw new Error(`no colour --b-${token} in ${name}`);
    return colour;
  };
}

const grounds = ["ground", "surface", "inset", "hover", "selected", "selected-idle"];
const roles: Record<string, string[]> = {
  text: grounds,
  "text-2": grounds,
  "text-3": grounds,
  accent: ["ground", "surface", "hover", "selected", "inset"],
  ok: ["ground", "surface", "ok-soft", "selected", "hover"],
  warn: ["ground", "surface", "warn-soft", "selected", "hover"],
  danger: ["ground", "surface", "danger-soft", "selected", "hover"],
  "on-accent": ["accent", "accent-hover"],
};

describe.each(["light", "dark"] as const)("text in %s", (name) => {
  const colour = scheme(name);
  it.each(Object.entries(roles))("of the role %s is AA on all its grounds", (role, on) => {
    for (const ground of on) expect(contrast(colour(role), colour(ground)), `${role} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });
});

it("black on white is 21 to 1", () => {
  expect(contrast(linear(0, 0, 0), linear(1, 0, 0))).toBeCloseTo(21, 1);
});
