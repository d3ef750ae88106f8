// A post in the list.

import { Link } from "@tanstack/react-router";
import { IconClock, IconPhoto, IconVideo } from "@tabler/icons-react";

import type { Post } from "@/api/types";
import { useTexts } from "@/i18n";
import { PlatformRow, StatusBadge } from "@/ui/badges";

import { ApprovalBadge } from "./approval";
import css from "./posts.module.css";
import { platformsOf, publishedAt } from "./post";

export function PostRow({ post }: { post: Post }) {
  const { t, tn } = useTexts();
  const first = post.media[0];
  const parts = post.thread_posts?.length ?? 0;
  const failed = post.destinations.filter((one) => one.status === "failed");
  return (
    <li className={css.row}>
      <div className={css.thumb} data-empty={!first || undefined}>
        {first?.type === "image" ? <img src={first.url} alt="" loading="lazy" /> : first ? <IconVideo size={22} stroke={1.4} aria-hidden /> : <IconPhoto size={22} stroke={1.2} aria-hidden />}
      </div>
      <div className="grow">
        <Link to="/posts/$postId" params={{ postId: post.post_id }} className={css.rowText}>
          {post.content.trim() || ownText(post) || <span className="dim">{t("posts.noText")}</span>}
        </Link>
        <div className={css.facts}>
          <PlatformRow platforms={platformsOf(post)} />
          <When post={post} />
          {post.media.length > 1 && <span>{tn("posts.media", post.media.length)}</span>}
          {parts > 0 && <span>{tn("posts.parts", parts + 1)}</span>}
        </div>
        {failed[0]?.error && <p className={css.rowError}>{failed[0].error}</p>}
      </div>
      <span className={css.badges}>
        <StatusBadge status={post.status} />
        <ApprovalBadge post={post} />
      </span>
    </li>
  );
}

/** What a post says that has a text of its own for each platform only. */
function ownText(post: Post): string | undefined {
  return Object.values(post.platform_content).find((entry) => entry.content)?.content ?? undefined;
}

function When({ post }: { post: Post }) {
  const { t, moment, ago } = useTexts();
  const published = publishedAt(post);
  if (published) {
    return (
      <time dateTime={published} title={moment(published, { style: "long" })}>
        {t("post.publishedAt", { time: ago(published) })}
      </time>
    );
  }
  if (post.scheduled_for && post.status !== "draft") {
    return (
      <time className="row" style={{ "--gap": "0.25rem" } as React.CSSProperties} dateTime={post.scheduled_for}>
        <IconClock size={14} aria-hidden />
        {moment(post.scheduled_for)}
      </time>
    );
  }
  return <time dateTime={post.created_at}>{t("post.created", { time: ago(post.created_at) })}</time>;
}
