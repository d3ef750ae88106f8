// Stands between the pages and a demo server while one develops, and in the tests: answers /session, keeps
// the API key that a browser does not have, and lets the demo's addresses look like its own.
// Not part of what is shipped.

import { request as send } from "node:http";
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Sessions } from "./sessions.mjs";

const PASSED_ON = /^\/(v1|api|uploads|media|connect|docs|openapi\.json|healthz|readyz|metrics)(\/|\?|$)/;
const BINARY = process.env.FANFARE_BIN ?? fileURLToPath(new URL("../../target/debug/fanfare", import.meta.url));

/** A backend for the server in FANFARE_URL with the key in FANFARE_API_KEY, or for a demo of its own. */
export async function backendFromEnvironment() {
  const { FANFARE_URL, FANFARE_API_KEY } = process.env;
  if (FANFARE_URL && FANFARE_API_KEY) return backend({ baseUrl: FANFARE_URL, apiKey: FANFARE_API_KEY });
  const demo = await startDemo();
  return backend(demo);
}

/** Starts a demo server on free ports, which ends with this process. Its key may do all that an owner may. */
export async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), "fanfare-dashboard-"));
  // The settings of whoever runs this are not the program's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FANFARE_")));
  const child = spawn(BINARY, ["demo", "--json", "--port", "0", "--sandbox-port", "0", "--data-dir", folder], {
    stdio: ["ignore", "pipe", "ignore"],
    env,
  });
  const stop = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", stop);
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`${BINARY} demo ended with ${code}`);
  });
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), failed]);
  failed.catch(() => {});
  const ready = JSON.parse(line);
  const making = ["key", "create", "Dashboard", "--scopes", "read,write,ai,approve", "--data-dir", folder];
  const { stdout } = await promisify(execFile)(BINARY, making, { env });
  return { baseUrl: ready.base_url, apiKey: stdout.trim(), sandboxUrl: ready.sandbox_url, accounts: ready.accounts, stop };
}

/** A handler in the manner of connect: `(request, response, next)`. */
export function backend({ baseUrl, apiKey, setupNeeded = false }) {
  const sessions = new Sessions({ baseUrl, apiKey, setupNeeded });
  const target = new URL(baseUrl);

  return async (request, response, next) => {
    const path = request.url ?? "/";
    if (path === "/session" || path.startsWith("/session/")) return sessions.answer(request, response);
    if (!PASSED_ON.test(path)) return next();
    if (path.startsWith("/v1/") && !sessions.lets(request, response)) return undefined;
    passOn({ request, response, target, apiKey });
    return undefined;
  };
}

function passOn({ request, response, target, apiKey }) {
  const headers = { ...request.headers, host: target.host };
  delete headers["accept-encoding"];
  delete headers.cookie;
  if (request.url.startsWith("/v1/")) headers.authorization ??= `Bearer ${apiKey}`;
  const own = `http://${request.headers.host}`;
  const outgoing = send(
    { host: target.hostname, port: target.port, method: request.method, path: request.url, headers },
    (answer) => {
      const json = String(answer.headers["content-type"] ?? "").startsWith("application/json");
      if (!json) {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
        return;
      }
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const body = Buffer.concat(parts).toString().replaceAll(target.origin, own);
        const kept = { ...answer.headers, "content-length": Buffer.byteLength(body) };
        delete kept["transfer-encoding"];
        response.writeHead(answer.statusCode, kept);
        response.end(body);
      });
    },
  );
  outgoing.on("error", () => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  response.on("close", () => outgoing.destroy());
  request.pipe(outgoing);
}
