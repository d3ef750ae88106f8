import { describe, expect, test } from "vitest";

import type { Post } from "@/api/types";

import { emptyDraft, fromPost, isEmpty, platformsOf, toChange, toRequest, type Draft, type Rules } from "./draft";

const platform = (...features: string[]) => ({ characterLimit: 280, media: { image: null, video: null }, features });
const RULES: Rules = {
  x: platform("threads", "alt_text", "first_comment"),
  facebook: platform("first_comment"),
  telegram: platform(),
};
const draft = (change: Partial<Draft> = {}): Draft => ({ ...emptyDraft({ local: "2030-07-01T09:00", zone: "Europe/Berlin" }), content: "Soup", accountIds: [1], ...change });
const picture = (alt: string) => ({ id: "m1", type: "image", url: null, name: "soup.png", alt });

describe("a request", () => {
  test("has the time only when it is planned", () => {
    expect(toRequest(draft(), ["x"], RULES)).toEqual({ content: "Soup", account_ids: [1], platform_content: {} });
    expect(toRequest(draft({ when: "schedule" }), ["x"], RULES)).toMatchObject({ scheduled_for: "2030-07-01T07:00:00.000Z", timezone: "Europe/Berlin" });
    expect(toRequest(draft({ when: "queue" }), ["x"], RULES)).toMatchObject({ use_queue: true });
    expect(toRequest(draft({ when: "draft", campaignId: 3 }), ["x"], RULES)).toEqual({ content: "Soup", account_ids: [1], platform_content: {}, draft: true });
  });

  test("says what is on the pictures where the platform takes it", () => {
    const { platform_content } = toRequest(draft({ media: [picture(" A bowl ")] }), ["x", "telegram"], RULES);
    expect(platform_content).toEqual({ x: { settings: { mediaAltText: ["A bowl"] } } });
  });

  test("has the first comment where the platform takes it and has no own one", () => {
    const own = { facebook: { settings: { firstComment: "Mine" } } };
    const { platform_content } = toRequest(draft({ firstComment: "Ours", own }), ["x", "facebook", "telegram"], RULES);
    expect(platform_content).toEqual({ x: { settings: { firstComment: "Ours" } }, facebook: { settings: { firstComment: "Mine" } } });
  });

  test("has the parts of a thread only for platforms that know threads", () => {
    const written = draft({ parts: ["Two", " "] });
    expect(toRequest(written, ["x"], RULES).thread_posts).toEqual(["Two"]);
    expect(toRequest(written, ["telegram"], RULES).thread_posts).toBeUndefined();
  });

  test("asks for an approval unless it is a draft", () => {
    expect(toRequest(draft({ ask: true }), ["x"], RULES).request_approval).toBe(true);
    expect(toRequest(draft({ ask: true, when: "draft" }), ["x"], RULES).request_approval).toBeUndefined();
  });

  test("leaves out settings that were emptied, and platforms that are not chosen", () => {
    const own = { x: { settings: { replySettings: "" } }, facebook: { content: "Else", settings: {} } };
    expect(toRequest(draft({ own }), ["x"], RULES).platform_content).toEqual({});
  });
});

function post(change: Partial<Post>): Post {
  const whole: unknown = {
    post_id: "p1", id: "p1", status: "scheduled", post_status: "scheduled", content: "Soup", account_ids: [1], scheduled_for: "2030-07-01T07:00:00.000Z",
    timezone: "Europe/Berlin", media_ids: [], media: [], platform_content: {}, campaign_id: null, destinations: [], created_at: "", updated_at: "", ...change,
  };
  return whole as Post;
}

describe("a post that is written on", () => {
  const time = { local: "2030-07-01T09:00", zone: "Europe/Berlin" };
  const before = post({
    media_ids: ["m1"],
    media: [{ media_id: "m1", id: "m1", type: "image", url: "/m1", width: 1, height: 1, duration: null }],
    thread_posts: ["Two"],
    platform_content: {
      x: { content: "Soup!", settings: { mediaAltText: ["A bowl"], firstComment: "More", replySettings: "following" } },
      facebook: { settings: { firstComment: "More" } },
    },
  });

  test("keeps all that it had", () => {
    const written = fromPost(before, time);
    expect(written).toMatchObject({ firstComment: "More", when: "schedule", parts: ["Two"], media: [{ alt: "A bowl" }] });
    expect(written.own).toEqual({ x: { content: "Soup!", settings: { replySettings: "following" } }, facebook: { settings: {} } });
    expect(toRequest(written, ["x", "facebook"], RULES).platform_content).toEqual(before.platform_content);
  });

  test("names what was taken out, since the server merges", () => {
    const written = { ...fromPost(before, time), own: {}, firstComment: "" };
    expect(toChange(written, before, ["x", "facebook"], RULES).platform_content).toEqual({
      x: { content: "Soup", settings: { mediaAltText: ["A bowl"], firstComment: null, replySettings: null } },
      facebook: { settings: { firstComment: null } },
    });
  });
});

test("platforms of the chosen accounts, each once", () => {
  const accounts = [{ account_id: 1, platform: "x" }, { account_id: 2, platform: "x" }, { account_id: 3, platform: "telegram" }];
  expect(platformsOf(draft({ accountIds: [1, 2] }), accounts)).toEqual(["x"]);
});

test("an empty draft has neither text nor files", () => {
  expect(isEmpty(draft({ content: "  " }))).toBe(true);
  expect(isEmpty(draft({ content: "", media: [picture("")] }))).toBe(false);
  expect(isEmpty(draft({ content: "", own: { x: { content: "Here", settings: {} } } }))).toBe(false);
});
