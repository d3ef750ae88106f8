// Serves what `npm run build` made, under the policy that the server sends, with a demo behind it.
//   node dev/server.mjs [port]

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { backend, startDemo } from "./backend.mjs";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Starts the pages on a free port, with a demo behind them unless one is given. */
export async function serve({ port = 0, demo, setupNeeded = false } = {}) {
  const behind = demo ?? (await startDemo());
  const answer = backend({ ...behind, setupNeeded });
  const server = createServer((request, response) => answer(request, response, () => page(request, response)));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    demo: behind,
    stop() {
      server.closeAllConnections();
      server.close();
      if (!demo) behind.stop();
    },
  };
}

function page(request, response) {
  const { pathname } = new URL(request.url, "http://local");
  const wanted = join(DIST, normalize(decodeURIComponent(pathname)));
  const isFile = wanted.startsWith(DIST) && existsSync(wanted) && statSync(wanted).isFile();
  const path = isFile ? wanted : join(DIST, "index.html");
  response.writeHead(200, {
    "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
  });
  createReadStream(path).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, demo } = await serve({ port: Number(process.argv[2] ?? 4173) });
  console.log(`${url}  (ana@example.org, "correct horse battery")`);
  console.log(`sandbox: ${demo.sandboxUrl}`);
}
