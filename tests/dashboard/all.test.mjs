// Every test, on one server and in one browser: `npm test`. Each file also runs alone: `node --test FILE`.

import "./sign.test.mjs";
import "./pages.test.mjs";
// Sets a queue of its own, which the calendar of the pages would not show.
import "./composer.test.mjs";
import "./outcome.test.mjs";
import "./settings.test.mjs";
import "./passkeys.test.mjs";
import "./first-run.test.mjs";
import "./security.test.mjs";
import "./speed.test.mjs";
