import { accounts } from "./accounts";
import { calendar } from "./calendar";
import { common } from "./common";
import { compose } from "./compose";
import { developers } from "./developers";
import { importing } from "./import";
import { mediaTools } from "./media-tools";
import { outcome } from "./outcome";
import { posts } from "./posts";
import { settings } from "./settings";
import { sign } from "./sign";
import { workspace } from "./workspace";

export const en = { ...common, ...sign, ...posts, ...outcome, ...mediaTools, ...importing, ...compose, ...calendar, ...accounts, ...workspace, ...developers, ...settings };
