import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { compress } from "./scripts/compress.mjs";
import { proxyTo } from "./dev/demo.mjs";

/** Writes each asset a second and a third time, as the server sends it to most browsers. */
function precompressed(): Plugin {
  return {
    name: "fanfare-precompressed",
    apply: "build",
    async closeBundle() {
      await compress(fileURLToPath(new URL("dist", import.meta.url)));
    },
  };
}

const DEV_PORT = 5173;

export default defineConfig(async ({ command, mode }) => ({
  plugins: [react(), precompressed()],
  server:
    command === "serve" && mode === "development"
      ? { host: "127.0.0.1", port: DEV_PORT, strictPort: true, proxy: await proxyTo(`http://127.0.0.1:${DEV_PORT}`) }
      : {},
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    target: "es2023",
    // The policy of the pages takes neither inline scripts nor addresses with data in them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "manifest.json",
    chunkSizeWarningLimit: 700,
  },
}));
