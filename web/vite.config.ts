import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { compress } from "./scripts/compress.mjs";
import { backendFromEnvironment } from "./dev/backend.mjs";

/** While one develops: the sessions and the API key that a browser does not have. */
function backend(): Plugin {
  return {
    name: "fanfare-backend",
    apply: "serve",
    async configureServer(server) {
      server.middlewares.use(await backendFromEnvironment());
    },
  };
}

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

export default defineConfig({
  plugins: [react(), backend(), precompressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    target: "es2023",
    // The policy of the pages takes neither inline scripts nor addresses with data in them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "manifest.json",
    chunkSizeWarningLimit: 700,
  },
});
