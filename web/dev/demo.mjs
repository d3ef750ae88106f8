// The server behind the pages while one develops: FANFARE_URL, or a demo that ends with this process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BINARY = process.env.FANFARE_BIN ?? fileURLToPath(new URL("../../target/debug/fanfare", import.meta.url));
/** Where the demo is while Vite stands before it. */
const PORT = "8180";
/** What the server answers itself; everything else is a page. */
const SERVERS = "^/(session|v1|api|uploads|media|connect|auth|oauth|device|docs|mcp|healthz|readyz|metrics)([/?]|$)";

/** What Vite passes on. The host stays that of the page, as the server wants it of a browser. */
export async function proxyTo(pageUrl) {
  const target = process.env.FANFARE_URL ?? (await startDemo(pageUrl));
  return { [SERVERS]: { target, changeOrigin: false, ws: false } };
}

/** Starts a demo whose links lead to the pages that are developed. */
async function startDemo(pageUrl) {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FANFARE_")));
  const child = spawn(BINARY, ["demo", "--json", "--port", PORT, "--sandbox-port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...own, FANFARE_PUBLIC_URL: pageUrl },
  });
  process.once("exit", () => child.kill());
  const failed = Promise.race([once(child, "exit"), once(child, "error")]).then(([why]) => {
    throw new Error(`${BINARY} demo ended: ${why}`);
  });
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), failed]);
  failed.catch(() => console.error("The demo has ended."));
  const ready = JSON.parse(line);
  console.log(`  Sign in   ${ready.dashboard_url}\n            or with ${ready.email} and ${ready.password}\n  Sandbox   ${ready.sandbox_url}/`);
  return `http://127.0.0.1:${PORT}`;
}
