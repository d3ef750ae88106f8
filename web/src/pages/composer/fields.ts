// The settings of each platform that the composer offers. Others can be given through the API and stay as they are.

import type { Key } from "@/i18n";

export type Field =
  | { kind: "choice"; key: string; label: Key; choices: string[] }
  | { kind: "text" | "long" | "number" | "words"; key: string; label: Key; max?: number; hint?: Key }
  | { kind: "flag"; key: string; label: Key; usual?: boolean };

interface PlatformFields {
  contentTypes?: string[];
  fields: Field[];
}

const firstComment: Field = { kind: "long", key: "firstComment", label: "field.firstComment" };
const title = (max: number): Field => ({ kind: "text", key: "title", label: "field.title", max });
const link: Field = { kind: "text", key: "link", label: "field.link", max: 2048 };

export const FIELDS: Record<string, PlatformFields> = {
  instagram: {
    contentTypes: ["Post", "Reels", "Story", "Trial Reel"],
    fields: [firstComment, { kind: "number", key: "coverPhotoTimestamp", label: "field.coverSeconds" }],
  },
  facebook: {
    contentTypes: ["Post", "Reels", "Story"],
    fields: [{ kind: "choice", key: "videoType", label: "field.videoType", choices: ["reel", "video"] }, link, firstComment],
  },
  x: {
    fields: [
      { kind: "choice", key: "replySettings", label: "field.replies", choices: ["everyone", "following", "mentionedUsers"] },
      firstComment,
      { kind: "text", key: "community_id", label: "field.community" },
      { kind: "flag", key: "made_with_ai", label: "field.madeWithAi" },
      { kind: "flag", key: "paid_partnership", label: "field.paidPartnership" },
    ],
  },
  linkedin: {
    fields: [
      { kind: "choice", key: "visibility", label: "field.visibility", choices: ["PUBLIC", "CONNECTIONS", "LOGGED_IN"] },
      link,
      { kind: "text", key: "linkTitle", label: "field.linkTitle" },
      { kind: "text", key: "documentTitle", label: "field.documentTitle" },
      firstComment,
    ],
  },
  youtube: {
    contentTypes: ["Video", "Short"],
    fields: [
      title(100),
      { kind: "choice", key: "privacy", label: "field.visibility", choices: ["public", "unlisted", "private"] },
      { kind: "words", key: "tags", label: "field.tags", hint: "field.words.hint" },
      firstComment,
      { kind: "flag", key: "madeForKids", label: "field.madeForKids" },
      { kind: "flag", key: "notifySubscribers", label: "field.notifySubscribers", usual: true },
      { kind: "flag", key: "containsSyntheticMedia", label: "field.madeWithAi" },
    ],
  },
  tiktok: {
    fields: [
      title(90),
      { kind: "choice", key: "privacyLevel", label: "field.visibility", choices: ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"] },
      { kind: "flag", key: "allowComments", label: "field.allowComments", usual: true },
      { kind: "flag", key: "allowDuet", label: "field.allowDuet", usual: true },
      { kind: "flag", key: "allowStitch", label: "field.allowStitch", usual: true },
    ],
  },
  threads: {
    fields: [
      { kind: "choice", key: "replyControl", label: "field.replies", choices: ["everyone", "following", "mentioned"] },
      { kind: "text", key: "topicTag", label: "field.topic", max: 50 },
      link,
      firstComment,
    ],
  },
  pinterest: {
    fields: [title(100), link, { kind: "text", key: "boardId", label: "field.board", hint: "field.board.hint" }],
  },
  bluesky: { fields: [] },
  telegram: {
    fields: [
      { kind: "choice", key: "parse_mode", label: "field.parseMode", choices: ["HTML", "MarkdownV2"] },
      { kind: "flag", key: "disable_notification", label: "field.silent" },
      { kind: "flag", key: "protect_content", label: "field.protect" },
      { kind: "flag", key: "pin", label: "field.pin" },
    ],
  },
  discord: {
    fields: [
      { kind: "text", key: "username", label: "field.username", max: 80 },
      { kind: "text", key: "thread_name", label: "field.threadName", max: 100 },
      { kind: "flag", key: "suppress_embeds", label: "field.noEmbeds" },
      { kind: "flag", key: "suppress_notifications", label: "field.silent" },
      { kind: "flag", key: "spoiler", label: "field.spoiler" },
    ],
  },
  wordpress: {
    fields: [
      title(200),
      { kind: "choice", key: "status", label: "field.articleStatus", choices: ["publish", "draft", "pending", "private"] },
      { kind: "long", key: "excerpt", label: "field.excerpt", max: 1000 },
      { kind: "text", key: "slug", label: "field.slug" },
      { kind: "words", key: "tags", label: "field.tags", hint: "field.words.hint" },
      { kind: "words", key: "categories", label: "field.categories", hint: "field.words.hint" },
      { kind: "choice", key: "featuredImage", label: "field.featuredImage", choices: ["first", "none"] },
    ],
  },
  mastodon: {
    fields: [
      { kind: "choice", key: "visibility", label: "field.visibility", choices: ["public", "unlisted", "private", "direct"] },
      { kind: "text", key: "spoilerText", label: "field.contentWarning" },
      { kind: "flag", key: "sensitive", label: "field.sensitive" },
      { kind: "text", key: "language", label: "field.language", max: 16 },
    ],
  },
};
