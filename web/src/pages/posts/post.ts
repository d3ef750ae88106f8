// What is derived from a post for showing it.

import type { Destination, Post } from "@/api/types";
import type { Key } from "@/i18n";

export function platformsOf(post: Post): string[] {
  return post.destinations.map((destination) => destination.platform);
}

/** When it first went live anywhere. */
export function publishedAt(post: Post): string | null {
  const times = post.destinations.map((one) => one.published_at).filter((time) => time !== null);
  return times.sort()[0] ?? null;
}

/** Whether it can still be changed. */
export function isEditable(post: Post): boolean {
  return post.status === "draft" || post.status === "scheduled";
}

const FIXES: Record<string, Key> = {
  token_expired: "fix.token_expired",
  account_inactive: "fix.token_expired",
  permission_missing: "fix.permission_missing",
  content_rejected: "fix.content_rejected",
  duplicate: "fix.duplicate",
  media_failed: "fix.media_failed",
  rate_limited: "fix.rate_limited",
  quota_exhausted: "fix.quota_exhausted",
  account_restricted: "fix.account_restricted",
  outcome_unknown: "fix.outcome_unknown",
};

/** What a person can do about a failure. */
export function fixFor(code: string | null | undefined): Key {
  return FIXES[code ?? ""] ?? "fix.other";
}

/** A failure that is mended by connecting the account again. */
export function needsReconnection(destination: Destination): boolean {
  return ["token_expired", "permission_missing", "account_inactive"].includes(destination.error_code ?? "");
}
