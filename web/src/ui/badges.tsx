// Small signs: the state of a post, a platform, an account.

import type { PostStatus } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";

import css from "./badges.module.css";

export type Tone = "good" | "bad" | "wait" | "plan" | "mute";

const TONES: Record<PostStatus | "queued", Tone> = {
  draft: "mute",
  scheduled: "plan",
  queued: "plan",
  publishing: "wait",
  published: "good",
  partially_failed: "wait",
  failed: "bad",
};

export function Badge({ tone, children, dot = true }: { tone: Tone; children: string; dot?: boolean }) {
  return (
    <span className={css.badge} data-tone={tone}>
      {dot && <span className={css.dot} aria-hidden />}
      {children}
    </span>
  );
}

export function StatusBadge({ status }: { status: PostStatus | "queued" }) {
  const { t } = useTexts();
  return <Badge tone={(TONES as Partial<typeof TONES>)[status] ?? "mute"}>{t(`status.${status}`)}</Badge>;
}

/** A platform's glyph on its colour. Says its name unless it stands beside it. */
export function PlatformMark({ platform, size = 20, named = false }: { platform: string; size?: number; named?: boolean }) {
  const { name, icon: Glyph, color } = look(platform);
  const label = named ? { "aria-hidden": true as const } : { role: "img", "aria-label": name, title: name };
  return (
    <span className={css.mark} style={{ width: size, height: size, background: color, borderRadius: size * 0.28 }} {...label}>
      <Glyph size={size * 0.68} stroke={1.9} color="#fff" aria-hidden />
    </span>
  );
}

/** The first letters of an account's name with its platform at the corner. */
export function AccountMark({ name, platform, size = 36 }: { name: string; platform: string; size?: number }) {
  return (
    <span className={css.account} style={{ width: size, height: size, fontSize: size * 0.36 }} aria-hidden>
      {initials(name)}
      <span className={css.corner}>
        <PlatformMark platform={platform} size={Math.round(size * 0.5)} named />
      </span>
    </span>
  );
}

export function initials(name: string): string {
  const words = name.replace(/^[@#]/, "").replace(/@.*/, "").split(/[\s._-]+/).filter(Boolean);
  const letters = words.slice(0, 2).map((word) => [...word][0]);
  return letters.join("").toUpperCase() || "?";
}

/** The platforms that a post goes to, each once, with how many accounts. */
export function PlatformRow({ platforms }: { platforms: string[] }) {
  const counts = new Map<string, number>();
  for (const platform of platforms) counts.set(platform, (counts.get(platform) ?? 0) + 1);
  return (
    <span className="row" style={{ "--gap": "0.25rem" } as React.CSSProperties}>
      {[...counts].map(([platform, count]) => (
        <span key={platform} className={css.counted}>
          <PlatformMark platform={platform} />
          {count > 1 && <span className="small dim number">{count}</span>}
        </span>
      ))}
    </span>
  );
}
