import { describe, expect, it } from "vitest";

import { isKey, LANGUAGES, snippet } from "./snippets";

const origin = "https://social.example.org";
const post = { method: "POST", path: "/posts", body: { content: "It's live", account_ids: [1, 2] } } as const;

describe("snippets", () => {
  it("names the variable until a key is there, and the key afterwards", () => {
    for (const language of LANGUAGES) {
      expect(snippet(language, post, { origin, key: "" })).toContain("FANFARE_API_KEY");
      const own = snippet(language, post, { origin, key: "pe_live_0123" });
      expect(own).toContain("pe_live_0123");
      expect(own).not.toContain("FANFARE_API_KEY");
    }
  });

  it("puts nothing into the text that is no key", () => {
    for (const text of [`"; rm -rf ~; "`, "$(id)", "a b", "`id`", "x\ny"]) {
      expect(isKey(text)).toBe(false);
      for (const language of LANGUAGES) expect(snippet(language, post, { origin, key: text })).not.toContain(text);
    }
  });

  it("quotes apostrophes for a shell", () => {
    expect(snippet("curl", post, { origin, key: "" })).toContain(`-d '{"content":"It'\\''s live","account_ids":[1,2]}'`);
  });

  it("takes the post's id from the environment", () => {
    const results = { method: "GET", path: "/posts/$POST_ID/results" } as const;
    expect(snippet("typescript", results, { origin, key: "" })).toContain("`https://social.example.org/v1/posts/${postId}/results`");
    expect(snippet("python", results, { origin, key: "k" })).toContain("import os");
    expect(snippet("python", results, { origin, key: "k" })).toContain('f"https://social.example.org/v1/posts/{post_id}/results"');
  });

  it("keeps a stream open", () => {
    const events = { method: "GET", path: "/events", streams: true } as const;
    expect(snippet("curl", events, { origin, key: "" })).toContain("curl -N");
    expect(snippet("python", events, { origin, key: "" })).toContain("stream=True");
  });
});
