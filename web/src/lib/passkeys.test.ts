import { expect, test } from "vitest";

import { bytesOf, textOf } from "./passkeys";

test("bytes come back as they went, without padding or letters that addresses do not take", () => {
  for (const bytes of [[], [0], [255, 254, 253], [62, 63, 251, 239, 190], Array.from({ length: 300 }, (_, at) => at % 256)]) {
    const text = textOf(Uint8Array.from(bytes).buffer);
    expect(text).toMatch(/^[\w-]*$/);
    expect([...bytesOf(text)]).toEqual(bytes);
  }
});
