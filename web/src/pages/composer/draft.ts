// What is being written, and the request that it becomes. Knows no React and no server.

import type { CreatePostRequest, Media, Platform, PlatformContentEntry, Post } from "@/api/types";
import { toMoment } from "@/lib/zone";
import type { PlannedTime } from "@/ui/time-fields";

export interface Own {
  /** A text that replaces the common one on this platform. */
  content?: string;
  contentType?: string;
  settings: Record<string, unknown>;
}

export type When = "now" | "schedule" | "queue" | "draft";

export interface Attached {
  id: string;
  type: string;
  url: string | null;
  name: string;
  alt: string;
}

export interface Draft {
  content: string;
  parts: string[];
  accountIds: number[];
  media: Attached[];
  firstComment: string;
  own: Record<string, Own>;
  campaignId: number | null;
  /** Somebody has to say yes before it goes out. */
  ask: boolean;
  when: When;
  time: PlannedTime;
}

export type Rules = Record<string, Platform>;

/** Where a platform takes the descriptions of files. */
const ALT_KEYS: Record<string, string> = {
  x: "mediaAltText", instagram: "altText", linkedin: "altText", threads: "altText", pinterest: "altText", mastodon: "altText", bluesky: "altText",
};

export function emptyDraft(time: PlannedTime): Draft {
  return { content: "", parts: [], accountIds: [], media: [], firstComment: "", own: {}, campaignId: null, ask: false, when: "now", time };
}

export function attached(media: Pick<Media, "media_id" | "type" | "url" | "filename">): Attached {
  return { id: media.media_id, type: media.type, url: media.url, name: media.filename, alt: "" };
}

const takes = (rules: Rules, platform: string, feature: string) => rules[platform]?.features.includes(feature) ?? false;

export const takesThread = (rules: Rules, platform: string) => takes(rules, platform, "threads");
export const takesFirstComment = (rules: Rules, platform: string) => takes(rules, platform, "first_comment");
export const takesAlt = (platform: string) => platform in ALT_KEYS;

/** The platforms of the chosen accounts, each once. */
export function platformsOf(draft: Draft, accounts: { account_id: number; platform: string }[]): string[] {
  const chosen = accounts.filter((account) => draft.accountIds.includes(account.account_id));
  return [...new Set(chosen.map((account) => account.platform))];
}

function entryOf(draft: Draft, platform: string, rules: Rules): PlatformContentEntry {
  const own: Own = draft.own[platform] ?? { settings: {} };
  const settings = Object.fromEntries(Object.entries(own.settings).filter(([, value]) => value !== "" && value !== undefined));
  const alts = draft.media.map((item) => item.alt.trim());
  const altKey = ALT_KEYS[platform];
  if (altKey && alts.some(Boolean)) settings[altKey] = alts;
  if (draft.firstComment.trim() && takesFirstComment(rules, platform) && !settings.firstComment) settings.firstComment = draft.firstComment.trim();
  return {
    ...(own.content === undefined ? {} : { content: own.content }),
    ...(own.contentType ? { contentType: own.contentType } : {}),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
  };
}

function platformContent(draft: Draft, platforms: string[], rules: Rules): Record<string, PlatformContentEntry> {
  const entries = platforms.map((platform) => [platform, entryOf(draft, platform, rules)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => Object.keys(entry).length > 0));
}

/** The body of `POST /posts`, and of the check while somebody types. */
export function toRequest(draft: Draft, platforms: string[], rules: Rules): CreatePostRequest {
  const parts = draft.parts.filter((part) => part.trim() !== "");
  const isThread = parts.length > 0 && platforms.some((platform) => takesThread(rules, platform));
  return {
    content: draft.content,
    account_ids: draft.accountIds,
    ...(draft.media.length > 0 ? { media_ids: draft.media.map((item) => item.id) } : {}),
    platform_content: platformContent(draft, platforms, rules),
    ...(isThread ? { thread_posts: parts } : {}),
    ...(draft.campaignId !== null && draft.when !== "draft" ? { campaign_id: draft.campaignId } : {}),
    ...(draft.ask && draft.when !== "draft" ? { request_approval: true } : {}),
    ...timing(draft),
  };
}

/** The same without its time: what the check is asked about. */
export function toCheck(draft: Draft, platforms: string[], rules: Rules): CreatePostRequest {
  return toRequest({ ...draft, when: "now", ask: false }, platforms, rules);
}

function timing(draft: Draft): CreatePostRequest {
  switch (draft.when) {
    case "now":
      return {};
    case "queue":
      return { use_queue: true };
    case "draft":
      return { draft: true };
    case "schedule": {
      const at = toMoment(draft.time.local, draft.time.zone);
      return at ? { scheduled_for: at.toISOString(), timezone: draft.time.zone } : {};
    }
  }
}

/** The body of `PATCH /posts/{id}`: everything, as what is left out would stay. */
export function toChange(draft: Draft, before: Post, platforms: string[], rules: Rules) {
  const { content = "", account_ids = [], media_ids = [], thread_posts = [], scheduled_for, timezone } = toRequest(draft, platforms, rules);
  const entries = platformContent(draft, platforms, rules);
  for (const [platform, old] of Object.entries(before.platform_content)) {
    const entry = entries[platform] ?? {};
    // The server merges settings. A setting that was taken out has to be named to go away, and so has a text.
    const gone = Object.keys(old.settings ?? {}).filter((key) => !(key in (entry.settings ?? {})));
    if (gone.length > 0) entry.settings = { ...entry.settings, ...Object.fromEntries(gone.map((key) => [key, null])) };
    if (old.content && entry.content === undefined) entry.content = content;
    if (Object.keys(entry).length > 0) entries[platform] = entry;
  }
  return {
    content,
    account_ids,
    media_ids,
    thread_posts,
    platform_content: entries,
    ...(before.status === "draft" ? {} : { campaign_id: draft.campaignId }),
    ...(scheduled_for ? { scheduled_for, timezone } : {}),
  };
}

/** A post as something to write on. */
export function fromPost(post: Post, time: PlannedTime): Draft {
  const alts = firstAlts(post);
  const comments = Object.values(post.platform_content)
    .map((entry) => entry.settings?.firstComment)
    .filter((value) => typeof value === "string" && value !== "") as string[];
  const shared = comments.length > 1 && new Set(comments).size === 1 ? (comments[0] ?? "") : "";
  return {
    content: post.content,
    parts: post.thread_posts ?? [],
    accountIds: post.account_ids,
    media: post.media.map((item, index) => ({ id: item.media_id, type: item.type, url: item.url, name: "", alt: alts[index] ?? "" })),
    firstComment: shared,
    own: Object.fromEntries(Object.entries(post.platform_content).map(([platform, entry]) => [platform, ownOf(platform, entry, shared)])),
    campaignId: post.campaign_id,
    ask: false,
    when: post.status === "draft" ? "draft" : "schedule",
    time,
  };
}

function ownOf(platform: string, entry: PlatformContentEntry, shared: string): Own {
  const settings: Record<string, unknown> = { ...entry.settings };
  const altKey = ALT_KEYS[platform];
  if (altKey && Array.isArray(settings[altKey])) settings[altKey] = undefined;
  if (shared && settings.firstComment === shared) settings.firstComment = undefined;
  return {
    ...(entry.content == null ? {} : { content: entry.content }),
    ...(entry.contentType ? { contentType: entry.contentType } : {}),
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value != null)),
  };
}

function firstAlts(post: Post): string[] {
  for (const [platform, entry] of Object.entries(post.platform_content)) {
    const value = entry.settings?.[ALT_KEYS[platform] ?? ""];
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === "string") return [value];
  }
  return [];
}

/** The text that goes to a platform. */
export function textFor(draft: Draft, platform: string): string {
  return draft.own[platform]?.content ?? draft.content;
}

export function isEmpty(draft: Draft): boolean {
  const texts = [draft.content, ...draft.parts, ...Object.values(draft.own).map((own) => own.content ?? "")];
  return draft.media.length === 0 && texts.every((text) => text.trim() === "");
}
