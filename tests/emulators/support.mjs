// What the scripts for JavaScript clients share: the sandbox's control API, and the way to it.

import assert from "node:assert/strict";
import { Agent } from "node:https";
import { connect } from "node:net";
import { deflateSync, crc32 } from "node:zlib";

const SANDBOX = new URL(process.env.FANFARE_SANDBOX_URL);

/**
 * Lets a client ask for the platforms' own addresses, and reach the sandbox: the connection goes
 * there, unencrypted, and the sandbox tells the platforms apart by the Host header.
 */
export class ToSandbox extends Agent {
  createConnection() {
    return connect(Number(SANDBOX.port), SANDBOX.hostname);
  }
}

/** Opens an address of a platform without any client. */
export async function open(address, options = {}) {
  const { host, pathname, search } = new URL(address);
  return fetch(new URL(`/${host}${pathname}${search}`, SANDBOX), { redirect: "manual", ...options });
}

/** Opens a consent page as a browser does and answers the address that it leads back to. */
export async function consent(address, choice) {
  const page = new URL(address);
  for (const [name, value] of Object.entries(choice)) page.searchParams.set(name, value);
  const answer = await open(page);
  assert.equal(answer.status, 303, await answer.text());
  return new URL(answer.headers.get("location"));
}

/** Calls the sandbox's control API. */
export async function control(method, path, body) {
  const answer = await fetch(new URL(`/_sandbox/${path}`, SANDBOX), { method, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${text}`);
  return text && JSON.parse(text);
}

export const account = (platform, wanted) => control("POST", "accounts", { platform, ...wanted });
export const fault = (platform, kind, more) => control("POST", "faults", { platform, kind, ...more });
export const advance = (seconds) => control("POST", "clock", { advance_ms: seconds * 1000 });

/** What is public, oldest first. */
export async function published(platform, account) {
  return (await control("GET", `posts?platform=${platform}&account=${account}`)).posts;
}

/** The error with which a client reports a refusal. */
export async function refused(what, call) {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    return error;
  }
  return assert.fail(`${what} was not refused: ${JSON.stringify(answer?.data ?? answer)}`);
}

/** A grey PNG. */
export function png(width = 640, height = 480) {
  const chunk = (kind, data) => {
    const named = Buffer.concat([Buffer.from(kind), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width, 0x80)]);
  const rows = deflateSync(Buffer.concat(Array(height).fill(row)));
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([mark, chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

/** What begins as an MP4 does. */
export function film(size) {
  const body = Buffer.alloc(size, 7);
  body.write("\0\0\0\x18ftypisom", 0, "latin1");
  return body;
}
