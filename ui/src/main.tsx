/** Starts the window. In development a plain browser with `?double` gets a double of the program instead of the program. */
import { createRoot } from "react-dom/client";
import { App } from "./app/App";

async function begin(): Promise<void> {
  if (import.meta.env.DEV || import.meta.env.MODE === "double") {
    const wanted = new URLSearchParams(window.location.search).get("double");
    if (wanted !== null) {
      const { installDouble } = await import("./ipc/double");
      installDouble(wanted);
    }
  }
  const root = document.getElementById("root");
  if (root !== null) createRoot(root).render(<App />);
}

void begin();
