// What was tried for a post on one account: when it was sent, what the platform said, how that was understood.

import { IconAlertTriangle, IconCircleCheck, IconClock, IconHelp, IconRefresh, IconSearch, IconSend, IconUserCheck, type Icon } from "@tabler/icons-react";

import { useAttempts } from "@/api/calls/posts";
import type { AttemptEntry } from "@/api/types";
import { useTexts, type Key } from "@/i18n";
import { Await, Loading } from "@/ui/states";

import css from "./timeline.module.css";

interface Look {
  icon: Icon;
  tone: "good" | "bad" | "wait" | "mute";
}

const LOOKS: Record<AttemptEntry["event"], Look> = {
  intent: { icon: IconSend, tone: "mute" },
  wait: { icon: IconClock, tone: "mute" },
  retry: { icon: IconRefresh, tone: "wait" },
  limited: { icon: IconClock, tone: "wait" },
  unknown: { icon: IconHelp, tone: "wait" },
  look: { icon: IconSearch, tone: "mute" },
  found: { icon: IconSearch, tone: "good" },
  again: { icon: IconRefresh, tone: "wait" },
  published: { icon: IconCircleCheck, tone: "good" },
  failed: { icon: IconAlertTriangle, tone: "bad" },
  confirmed: { icon: IconUserCheck, tone: "good" },
  denied: { icon: IconUserCheck, tone: "wait" },
};

export function Timeline({ postId, accountId, name }: { postId: string; accountId: number; name: string }) {
  const { t } = useTexts();
  const attempts = useAttempts(postId);
  return (
    <Await query={attempts} loading={<Loading />}>
      {({ destinations }) => {
        const entries = destinations.find(({ destination }) => destination.account_id === accountId)?.entries ?? [];
        if (entries.length === 0) return <p className="dim small no-margin">{t("history.none")}</p>;
        return (
          <ol className={`plain ${css.list ?? ""}`} aria-label={t("history.of", { name })}>
            {entries.map((entry) => (
              <Entry key={entry.seq} entry={entry} />
            ))}
          </ol>
        );
      }}
    </Await>
  );
}

function Entry({ entry }: { entry: AttemptEntry }) {
  const { t, moment } = useTexts();
  // A newer server may know more.
  const { icon: Glyph, tone } = (LOOKS as Partial<Record<string, Look>>)[entry.event] ?? { icon: IconClock, tone: "mute" };
  const at = new Date(entry.at);
  return (
    <li className={css.entry} data-tone={tone}>
      <span className={css.glyph}>
        <Glyph size={14} stroke={2} aria-hidden />
      </span>
      <div className="grow">
        <div className="row wrap between" style={{ "--gap": "0.25rem 0.75rem" } as React.CSSProperties}>
          <span className="strong">{t(`history.${entry.event}`)}</span>
          <time className="dim small number" dateTime={entry.at} title={moment(at, { style: "long" })}>
            {at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" })} · {t("history.attempt", { number: entry.attempt })}
          </time>
        </div>
        {entry.message && <p className={css.said}>{entry.message}</p>}
        {(entry.class ?? entry.error_code) && (
          <p className={css.said}>
            {t("history.class")}: {entry.class ? t(`class.${entry.class}` as Key) : null} {entry.error_code && <code>{entry.error_code}</code>}
          </p>
        )}
        {entry.until && <p className={css.said}>{t("history.until", { time: moment(entry.until) })}</p>}
        {entry.platform_answer && (
          <details className={css.answer}>
            <summary>{t("history.answer")}</summary>
            <pre tabIndex={0}>{entry.platform_answer}</pre>
          </details>
        )}
      </div>
    </li>
  );
}
