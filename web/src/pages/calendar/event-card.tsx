// A post or a free slot in a cell of the calendar.

import { useTexts } from "@/i18n";
import { PlatformRow, StatusBadge } from "@/ui/badges";
import { platformsOf } from "@/pages/posts/post";

import css from "./calendar.module.css";
import { extendedOf } from "./events";

interface Props {
  extended: Record<string, unknown>;
  start: Date | null;
  zone: string;
  isList: boolean;
}

export function EventCard({ extended, start, zone, isList }: Props) {
  const { t, clock } = useTexts();
  const timeText = start ? clock(start, zone) : "";
  const shown = extendedOf(extended);
  if (shown.kind === "more") return <span className={css.moreLink}>{t("calendar.more", { count: shown.count })}</span>;
  if (shown.kind === "slot") {
    return (
      <span className={css.slot}>
        <span className="number">{timeText}</span> {shown.label}
      </span>
    );
  }
  const { post } = shown;
  const own = Object.values(post.platform_content).find((entry) => entry.content)?.content;
  return (
    <span className={css.event} data-status={post.status} data-list={isList || undefined}>
      <span className={css.eventTime}>{timeText}</span>
      <span className={css.eventText}>{post.content || own || t("posts.noText")}</span>
      <span className={css.eventMarks}>
        <PlatformRow platforms={platformsOf(post)} />
        {isList && <StatusBadge status={post.status} />}
      </span>
      {!isList && <span className="sr-only">{t(`status.${post.status}`)}</span>}
    </span>
  );
}
