// Ways to our own MCP server for the tests: over HTTP with a key or with a sign-in, and as a program.

import assert from "node:assert/strict";

import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { noteTools } from "./covered.mjs";
import { BINARY } from "./support.mjs";

/** What our server is called in the table of calls. */
export const OURS = "Fanfare MCP";

export const newClient = () => new Client({ name: "fanfare-client-tests", version: "1.0.0" });

export async function overHttp(demo, key = demo.apiKey, path = "/mcp") {
  const client = newClient();
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(path, demo.baseUrl), { requestInit }));
  return noteTools(OURS, client);
}

export async function overStdio(demo, key = demo.apiKey, url = demo.baseUrl) {
  const client = newClient();
  const env = { PATH: process.env.PATH, FANFARE_URL: url, FANFARE_API_KEY: key };
  await client.connect(new StdioClientTransport({ command: BINARY, args: ["mcp"], env, stderr: "ignore" }));
  return noteTools(OURS, client);
}

/**
 * A client that registers itself and signs in with PKCE, with a browser in which a person approves or denies
 * with their key, and ticks these scopes.
 */
export function signIn(demo, decision, scopes = ["read", "write"], key = demo.apiKey) {
  const kept = {};
  const redirectUrl = "http://127.0.0.1:33418/callback";
  let arrived;
  const authProvider = {
    redirectUrl,
    clientMetadata: { client_name: "Desk", redirect_uris: [redirectUrl], token_endpoint_auth_method: "none" },
    state: () => "a state",
    clientInformation: () => kept.client,
    saveClientInformation: (client) => (kept.client = client),
    tokens: () => kept.tokens,
    saveTokens: (tokens) => (kept.tokens = tokens),
    saveCodeVerifier: (verifier) => (kept.verifier = verifier),
    codeVerifier: () => kept.verifier,
    redirectToAuthorization: async (address) => {
      const page = await (await fetch(address)).text();
      assert.ok(page.includes("<strong>Desk</strong>"), page);
      const body = new URLSearchParams(address.searchParams);
      for (const scope of scopes) body.append("allow", scope);
      body.set("key", key);
      body.set("do", decision);
      const target = new URL(address.pathname, demo.baseUrl);
      const answer = await fetch(target, { method: "POST", body, redirect: "manual" });
      assert.equal(answer.status, 303);
      arrived = new URL(answer.headers.get("location"));
    },
  };
  const newTransport = () => new StreamableHTTPClientTransport(new URL("/mcp", demo.baseUrl), { authProvider });
  const connect = async () => {
    const transport = newTransport();
    await assert.rejects(newClient().connect(transport), UnauthorizedError);
    assert.ok(arrived.href.startsWith(redirectUrl), arrived.href);
    assert.equal(arrived.searchParams.get("state"), "a state");
    assert.equal(arrived.searchParams.get("iss"), demo.baseUrl);
    if (arrived.searchParams.has("error")) throw new Error(arrived.searchParams.get("error"));
    await transport.finishAuth(arrived.searchParams.get("code"));
    const client = newClient();
    await client.connect(newTransport());
    return noteTools(OURS, client);
  };
  return { kept, connect };
}

export async function textOf(client, name, args = {}) {
  const { content, isError } = await client.callTool({ name, arguments: args });
  assert.equal(content.length, 1);
  assert.equal(content[0].type, "text");
  return { text: content[0].text, isError: isError === true };
}

export async function call(client, name, args = {}) {
  const { text, isError } = await textOf(client, name, args);
  assert.equal(isError, false, `${name}: ${text}`);
  return JSON.parse(text);
}

export async function failure(client, name, args = {}) {
  const { text, isError } = await textOf(client, name, args);
  assert.equal(isError, true, `${name}: ${text}`);
  return text;
}
