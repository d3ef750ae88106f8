// The platforms as the pages show them: names, glyphs, colours. What they take comes from GET /platform-rules.

import {
  IconBrandBluesky, IconBrandDiscord, IconBrandFacebook, IconBrandInstagram, IconBrandLinkedin, IconBrandMastodon,
  IconBrandPinterest, IconBrandTelegram, IconBrandThreads, IconBrandTiktok, IconBrandWordpress, IconBrandX,
  IconBrandYoutube, IconWorld, type Icon,
} from "@tabler/icons-react";

export interface Look {
  name: string;
  icon: Icon;
  /** White stands on it with enough contrast. */
  color: string;
}

const LOOKS: Record<string, Look> = {
  instagram: { name: "Instagram", icon: IconBrandInstagram, color: "#c1306f" },
  facebook: { name: "Facebook", icon: IconBrandFacebook, color: "#1465d8" },
  x: { name: "X", icon: IconBrandX, color: "#17181a" },
  linkedin: { name: "LinkedIn", icon: IconBrandLinkedin, color: "#0a62ba" },
  youtube: { name: "YouTube", icon: IconBrandYoutube, color: "#cc1111" },
  tiktok: { name: "TikTok", icon: IconBrandTiktok, color: "#111214" },
  threads: { name: "Threads", icon: IconBrandThreads, color: "#26272b" },
  pinterest: { name: "Pinterest", icon: IconBrandPinterest, color: "#b8071c" },
  bluesky: { name: "Bluesky", icon: IconBrandBluesky, color: "#0867d2" },
  telegram: { name: "Telegram", icon: IconBrandTelegram, color: "#1a74ab" },
  discord: { name: "Discord", icon: IconBrandDiscord, color: "#4a55d6" },
  wordpress: { name: "WordPress", icon: IconBrandWordpress, color: "#21678a" },
  mastodon: { name: "Mastodon", icon: IconBrandMastodon, color: "#5a49d8" },
};

export const PLATFORMS = Object.keys(LOOKS);

/** Those whose owner signs in on a page of the platform. */
export const SIGN_IN_PLATFORMS = ["instagram", "facebook", "x", "linkedin", "youtube", "tiktok", "threads", "pinterest"] as const;
export type SignInPlatform = (typeof SIGN_IN_PLATFORMS)[number];

export function isSignInPlatform(name: string): name is SignInPlatform {
  return (SIGN_IN_PLATFORMS as readonly string[]).includes(name);
}

export function look(platform: string): Look {
  return LOOKS[platform] ?? { name: platform, icon: IconWorld, color: "#4d4942" };
}
