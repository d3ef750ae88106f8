// What a post says: text, parts of a thread, files, and what differs on each platform.

import { IconFileText } from "@tabler/icons-react";

import type { Post, PostMedia } from "@/api/types";
import { useTexts } from "@/i18n";
import { linkable } from "@/lib/address";
import { look } from "@/lib/platforms";
import { PlatformMark } from "@/ui/badges";

import css from "./posts.module.css";

export function Content({ post }: { post: Post }) {
  const { t } = useTexts();
  const own = Object.entries(post.platform_content);
  return (
    <div className="stack">
      {post.content ? <p className="breaks no-margin">{post.content}</p> : <p className="dim no-margin">{t("posts.noText")}</p>}
      {post.thread_posts?.map((part, index) => (
        <div key={index} className={css.part}>
          <span className="dim small">{t("post.part", { number: index + 2 })}</span>
          <p className="breaks no-margin">{part}</p>
        </div>
      ))}
      {post.media.length > 0 && <Files media={post.media} />}
      {own.map(([platform, entry]) => (
        <div key={platform} className={css.own}>
          <span className="row strong">
            <PlatformMark platform={platform} named />
            {look(platform).name}
            {entry.contentType && <span className="dim small">{entry.contentType}</span>}
          </span>
          {entry.content && <p className="breaks no-margin">{entry.content}</p>}
          <Settings values={entry.settings ?? {}} />
        </div>
      ))}
    </div>
  );
}

function Settings({ values }: { values: Record<string, unknown> }) {
  const entries = Object.entries(values).filter(([, value]) => value !== "" && value !== null);
  if (entries.length === 0) return null;
  return (
    <dl className={css.settings}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="breaks">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Files({ media }: { media: PostMedia[] }) {
  return (
    <ul className={`plain ${css.files ?? ""}`}>
      {media.map((item) => (
        <li key={item.media_id}>
          <a href={linkable(item.url)} target="_blank" rel="noreferrer">
            {item.type === "image" ? (
              <img src={item.url} alt="" loading="lazy" />
            ) : item.type === "video" ? (
              <video src={item.url} muted preload="metadata" />
            ) : (
              <IconFileText size={36} stroke={1.2} aria-hidden />
            )}
            <span className="sr-only">{item.type}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
