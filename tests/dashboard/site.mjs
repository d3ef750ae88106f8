// The server, the browser and the workspace that the tests of all files share.

import { after } from "node:test";

import { tell } from "./story.mjs";
import { PASSWORD, start } from "./support.mjs";

export const site = await start();
/** A person of each other kind. */
export const viewer = { email: "vera@example.org", password: PASSWORD };
await site.command("user", "create", viewer.email, "--role", "viewer", "--name", "Vera", "--org", "Northlight");
export const story = await tell(site);
after(() => site.stop());
