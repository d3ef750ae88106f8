// The other half of the tests: see `all-one.test.mjs`.

import "./sign.test.mjs";
import "./composer.test.mjs";
import "./outcome.test.mjs";
import "./passkeys.test.mjs";
import "./first-run.test.mjs";
import "./security.test.mjs";
import "./you.test.mjs";
