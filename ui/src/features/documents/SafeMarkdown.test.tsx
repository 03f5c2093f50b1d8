import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { renderWithDouble } from "../../testing/renderWithDouble";
import { SafeMarkdown } from "./SafeMarkdown";
import { webAddress } from "./webAddress";

const hostile = `# Title

<script>window.stolen = true</script>
<img src="https://tracker.example/raw.png" onerror="window.stolen = true">
<a href="https://raw.example">raw</a>

[script](javascript:window.stolen=true) [data](data:text/html,x) [file](file:///etc/passwd) [own](tauri://localhost/x)

![plot](https://tracker.example/pixel.png)

[homepage](https://example.org/model?a=1)
`;

describe("a document that somebody else wrote", () => {
  test("brings no element that runs, loads or navigates", () => {
    const { container } = renderWithDouble(<SafeMarkdown text={hostile} />);
    expect(screen.getByRole("heading", { name: "Title" })).toBeTruthy();
    expect(container.querySelectorAll("script, img, iframe, a, object, form, [onerror], [onclick], [href], [src]")).toHaveLength(0);
    expect("stolen" in window).toBe(false);
    expect(screen.getByText("Image: plot")).toBeTruthy();
  });

  test("keeps the words of links that lead nowhere allowed, as text", () => {
    renderWithDouble(<SafeMarkdown text={hostile} />);
    for (const word of ["script", "data", "file", "own"]) {
      expect(screen.getByText(word)).toBeTruthy();
      expect(screen.queryByRole("button", { name: word })).toBeNull();
    }
  });

  test("opens a web link only after its whole address was shown", async () => {
    const { user, calls } = renderWithDouble(<SafeMarkdown text={hostile} />);
    await user.click(screen.getByRole("button", { name: "homepage" }));
    expect(await screen.findByText("https://example.org/model?a=1")).toBeTruthy();
    expect(calls.some((call) => call.command === "open_address")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Open in the browser" }));
    expect(calls.filter((call) => call.command === "open_address").map((call) => call.given.url)).toEqual([
      "https://example.org/model?a=1",
    ]);
  });

  test("leaves its front matter out and a very long text unparsed", () => {
    renderWithDouble(<SafeMarkdown text={"---\nlicense: mit\n---\n# Card"} />);
    expect(screen.queryByText(/license: mit/)).toBeNull();
    renderWithDouble(<SafeMarkdown text={`# long ${"x".repeat(200_001)}`} />);
    expect(screen.queryByRole("heading", { name: /long/ })).toBeNull();
  });
});

test.each([
  ["https://example.org", "https://example.org/"],
  ["http://example.org/a", "http://example.org/a"],
  ["javascript:alert(1)", null],
  [" java\nscript:alert(1)", null],
  ["data:text/html,x", null],
  ["vbscript:x", null],
  ["//example.org", null],
  ["README.md", null],
  ["https://github.com@evil.example/", null],
  ["", null],
  [undefined, null],
])("the address %j is %j", (given, wanted) => {
  expect(webAddress(given)).toBe(wanted);
});
