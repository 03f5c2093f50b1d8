import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The window is served from files inside the program: relative addresses, and only what its WebKit and WebView2 understand. */
export default defineConfig({
  base: "./",
  plugins: [react()],
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: "127.0.0.1", fs: { allow: [".."] } },
  build: { target: ["es2022", "safari16"], chunkSizeWarningLimit: 900, reportCompressedSize: true },
});
