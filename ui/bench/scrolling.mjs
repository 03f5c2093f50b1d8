/**
 * Scrolling 100,000 rows beside an empty page, in one run of a real browser: how many frames come within 1.2 times the
 * empty page's frame time, and how long the longest one takes. The last line of the output is read by `tests/bench/scrolling.rs`.
 */
import { serveDouble, startChromium } from "../browser/browser.mjs";

const repository = "?double=big#/r/big/load%2Fhundred-thousand";
const viewport = { width: 1280, height: 800 };
/** Long enough that one late frame of many does not decide. */
const seconds = 4;
/** Pixels per frame at 60 Hz: a fast turn of the wheel, and a drag of the scroll bar through all rows. */
const speeds = [120, 6000];

const server = await serveDouble();
const browser = await startChromium();
try {
  const page = await browser.newPage({ viewport });
  const before = await frames(page, 0);
  await page.goto(`${server.address}${repository}`);
  await page.locator("#version-row-0 [data-layer]").first().waitFor();
  const scrolled = [];
  for (const speed of speeds) scrolled.push(...(await frames(page, speed)));
  await page.goto("about:blank");
  const after = await frames(page, 0);
  report([...before, ...after], scrolled);
} finally {
  await browser.close();
  await server.close();
}

/** Milliseconds between the frames while the table, if there is one, moves by `speed` pixels per sixtieth of a second. */
function frames(page, speed) {
  return page.evaluate(
    ({ speed, milliseconds }) =>
      new Promise((done) => {
        const grid = document.querySelector("[role=grid]");
        const times = [];
        let begin = null;
        let last = null;
        const frame = (now) => {
          begin ??= now;
          if (last !== null) times.push(now - last);
          if (grid && last !== null) grid.scrollTop += (speed * (now - last)) / (1000 / 60);
          last = now;
          if (now - begin < milliseconds) requestAnimationFrame(frame);
          else done(times);
        };
        if (grid) grid.scrollTop = 0;
        requestAnimationFrame(frame);
      }),
    { speed, milliseconds: seconds * 1000 },
  );
}

function report(empty, scrolled) {
  const emptyFrame = percentile(empty, 0.5);
  const within = (times) => (100 * times.filter((time) => time <= 1.2 * emptyFrame).length) / times.length;
  console.error(
    `empty page: ${empty.length} frames, median ${emptyFrame.toFixed(1)} ms, ${within(empty).toFixed(1)} % within, longest ${Math.max(...empty).toFixed(1)} ms\n` +
      `scrolling: ${scrolled.length} frames, median ${percentile(scrolled, 0.5).toFixed(1)} ms, 95 % ${percentile(scrolled, 0.95).toFixed(1)} ms, longest ${Math.max(...scrolled).toFixed(1)} ms`,
  );
  console.log(
    JSON.stringify({
      withinPercent: within(scrolled),
      longestMilliseconds: Math.max(...scrolled),
      emptyFrameMilliseconds: emptyFrame,
      emptyWithinPercent: within(empty),
      emptyLongestMilliseconds: Math.max(...empty),
    }),
  );
}

function percentile(times, share) {
  const sorted = [...times].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
