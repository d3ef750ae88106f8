// One half of the tests, on one server and in one browser. `npm test` runs the other half beside it, and what measures
// time alone after both. Each file also runs alone: `node --test FILE`.

import "./pages.test.mjs";
import "./calm.test.mjs";
import "./settings.test.mjs";
