// What became of a post on one account, and what can be done about it.

import { Anchor, Button, Collapse } from "@mantine/core";
import { IconChevronDown, IconExternalLink, IconPlugConnected, IconRefresh } from "@tabler/icons-react";
import { useId, useState } from "react";

import type { Destination } from "@/api/types";
import { useTexts } from "@/i18n";
import { linkable } from "@/lib/address";
import { look } from "@/lib/platforms";
import { AccountMark, StatusBadge } from "@/ui/badges";
import { ButtonLink } from "@/ui/links";
import { Note } from "@/ui/note";

import { fixFor, needsReconnection } from "./post";
import css from "./posts.module.css";
import { Resolve } from "./resolve";
import { Timeline } from "./timeline";

interface Props {
  postId: string;
  destination: Destination;
  isDraft: boolean;
  busy: boolean;
  onRetry: () => void;
}

export function DestinationRow({ postId, destination, isDraft, busy, onRetry }: Props) {
  const { t, tn, moment, ago } = useTexts();
  const platform = look(destination.platform).name;
  const isFailed = destination.status === "failed";
  const isUnknown = destination.error_code === "outcome_unknown";
  const address = linkable(destination.platform_post_url);
  return (
    <li className={css.destination}>
      <AccountMark name={destination.account_name ?? platform} platform={destination.platform} />
      <div className="grow stack" style={{ "--gap": "0.375rem" } as React.CSSProperties}>
        <div className="row wrap between">
          <span>
            <span className="strong">{destination.account_name}</span> <span className="dim">{platform}</span>
          </span>
          {!isDraft && <StatusBadge status={destination.status} />}
        </div>

        {destination.published_at && (
          <p className={css.facts}>
            <time dateTime={destination.published_at} title={moment(destination.published_at, { style: "long" })}>
              {t("post.publishedAt", { time: ago(destination.published_at) })}
            </time>
            {destination.attempts > 1 && <span>{tn("post.attempts", destination.attempts)}</span>}
          </p>
        )}
        {address ? (
          <Anchor href={address} target="_blank" rel="noreferrer" className={css.external}>
            {t("post.view", { platform })} <IconExternalLink size={14} aria-hidden />
          </Anchor>
        ) : (
          destination.platform_post_id && (
            <span className="small dim">
              {t("post.id")}: <code>{destination.platform_post_id}</code>
            </span>
          )
        )}

        {destination.error && (
          <Note tone={isFailed ? "bad" : "wait"}>
            <span className="breaks">{destination.error}</span>
            {isFailed && <span className={css.fix}>{t(fixFor(destination.error_code))}</span>}
          </Note>
        )}
        {!destination.published_at && destination.attempts > 0 && (
          <p className={css.facts}>
            <span>{tn("post.attempts", destination.attempts)}</span>
            {destination.next_retry_at && <span>{t("post.nextTry", { time: moment(destination.next_retry_at) })}</span>}
          </p>
        )}
        {destination.warnings.map((warning) => (
          <p key={warning} className="small dim no-margin breaks">
            {warning}
          </p>
        ))}

        {isFailed && (
          <div className="row wrap">
            {isUnknown ? (
              <Resolve postId={postId} destination={destination} />
            ) : (
              <Button size="xs" variant="default" leftSection={<IconRefresh size={15} aria-hidden />} loading={busy} onClick={onRetry}>
                {t("post.retry")}
              </Button>
            )}
            {needsReconnection(destination) && (
              <ButtonLink size="xs" variant="default" to="/accounts" leftSection={<IconPlugConnected size={15} aria-hidden />}>
                {t("post.reconnect")}
              </ButtonLink>
            )}
          </div>
        )}
        {!isDraft && destination.attempts > 0 && <History postId={postId} destination={destination} />}
      </div>
    </li>
  );
}

function History({ postId, destination }: { postId: string; destination: Destination }) {
  const { t } = useTexts();
  const [opened, setOpened] = useState(false);
  const id = useId();
  const name = destination.account_name ?? look(destination.platform).name;
  return (
    <>
      <div>
        <Button
          size="compact-xs"
          variant="subtle"
          className={css.history ?? ""}
          aria-label={t("history.of", { name })}
          aria-expanded={opened}
          aria-controls={id}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {t("history.show")}
        </Button>
      </div>
      <Collapse expanded={opened} id={id}>
        {opened && <Timeline postId={postId} accountId={destination.account_id} name={name} />}
      </Collapse>
    </>
  );
}
