// One account.

import { Button, Collapse, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconPlugConnected, IconPlugOff } from "@tabler/icons-react";
import { useId, useState } from "react";

import { useAccountLimits, useDisconnect } from "@/api/calls/accounts";
import { usePlatformRules } from "@/api/calls/workspace";
import type { Account, AccountHealthReport } from "@/api/types";
import { useTexts, type Key } from "@/i18n";
import { look } from "@/lib/platforms";
import { AccountMark, Badge, type Tone } from "@/ui/badges";
import { Confirm } from "@/ui/confirm";
import { Followers } from "@/ui/followers";
import { ButtonLink } from "@/ui/links";
import { useTell } from "@/ui/toasts";

import css from "./accounts.module.css";

interface Props {
  account: Account;
  report: AccountHealthReport | undefined;
  onReconnect: () => void;
}

const REASONS = ["account_inactive", "needs_reconnection", "token_expired", "token_expiring_soon", "recent_permanent_failures"];

export function AccountCard({ account, report, onReconnect }: Props) {
  const { t } = useTexts();
  const [opened, setOpened] = useState(false);
  const id = useId();
  const { name } = look(account.platform);
  const tone: Tone = !account.health.can_post ? "bad" : report?.status === "warning" ? "wait" : "good";
  const label: Key = tone === "wait" ? "health.warning" : `health.${account.health.status}`;
  const wantsReconnecting = !account.health.can_post || (report?.reasons.includes("token_expiring_soon") ?? false);
  return (
    <li className={`card ${css.card ?? ""}`}>
      <div className={css.top}>
        <AccountMark name={account.account_name} platform={account.platform} size={42} />
        <div className="grow">
          <h3 className={css.name}>{account.account_name}</h3>
          <span className={css.under}>
            <span className="dim small">{name}</span>
            <Badge tone={tone}>{t(label)}</Badge>
          </span>
        </div>
      </div>
      {report && report.reasons.length > 0 && (
        <ul className={`plain ${css.reasons ?? ""}`}>
          {report.reasons.map((reason) => (
            <li key={reason}>{REASONS.includes(reason) ? t(`reason.${reason}` as Key) : reason}</li>
          ))}
        </ul>
      )}
      {wantsReconnecting && (
        <div>
          <Button leftSection={<IconPlugConnected size={17} aria-hidden />} onClick={onReconnect}>
            {t("account.reconnect")}
          </Button>
        </div>
      )}
      <div>
        <UnstyledButton
          className={css.more}
          aria-label={t("account.details.of", { name: `${account.account_name}, ${name}` })}
          aria-expanded={opened}
          aria-controls={id}
          onClick={() => setOpened(!opened)}
        >
          {t("account.details")}
          <IconChevronDown size={16} aria-hidden className={css.chevron} />
        </UnstyledButton>
        <Collapse expanded={opened} id={id}>
          <div className={css.details}>
            {report && <Facts report={report} />}
            {opened && (
              <div>
                <h4 className={css.small}>{t("did.followers")}</h4>
                <Followers accounts={[{ id: account.account_id, name: account.account_name }]} />
              </div>
            )}
            {opened && <Allowance id={account.account_id} platform={account.platform} />}
            <Limits platform={account.platform} />
            <Actions account={account} onReconnect={onReconnect} />
          </div>
        </Collapse>
      </div>
    </li>
  );
}

function Facts({ report }: { report: AccountHealthReport }) {
  const { t, day, ago, number } = useTexts();
  const { activity, token } = report;
  const facts: [Key, string][] = [
    ["account.connectedAt", day(report.connected_at)],
    ["account.lastPost", activity.last_published_at ? ago(activity.last_published_at) : t("unit.never")],
    ["account.accessUntil", token.expires_at ? day(token.expires_at) : t("account.accessUntil.open")],
    ["account.queued", number(activity.queued_count)],
    ["account.failures", number(activity.failures_last_7d)],
  ];
  return (
    <dl className={css.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{t(label)}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How much of what the platform allows is used. */
function Allowance({ id, platform }: { id: number; platform: string }) {
  const { t, number, moment } = useTexts();
  const { data: limits } = useAccountLimits(id);
  if (!limits || (limits.caps.length === 0 && !limits.rests_until)) return null;
  return (
    <div>
      <h4 className={css.small}>{t("account.allowance", { platform: look(platform).name })}</h4>
      <ul className={`plain small ${css.limits ?? ""}`}>
        {limits.caps.map((cap) => (
          <li key={cap.description}>
            <span className="number">{t("account.allowance.used", { used: number(cap.used), limit: cap.description })}</span>
            {cap.opens_at && <span className="bad"> {t("account.allowance.opens", { time: moment(cap.opens_at) })}</span>}
          </li>
        ))}
        {limits.rests_until && (
          <li className="bad">
            {limits.rest_reason} {t("account.allowance.opens", { time: moment(limits.rests_until) })}
          </li>
        )}
      </ul>
    </div>
  );
}

/** What the platform takes, from its rules. */
function Limits({ platform }: { platform: string }) {
  const { t, number } = useTexts();
  const { data: rules } = usePlatformRules();
  const rule = rules?.[platform];
  if (!rule) return null;
  const { image, video } = rule.media;
  const texts = [t("account.limit.text", { count: number(rule.characterLimit) })];
  if (image) {
    texts.push(
      image.maxSizeMB
        ? t("account.limit.images", { count: number(image.maxCount), size: number(image.maxSizeMB) })
        : t("account.limit.images.any", { count: number(image.maxCount) }),
    );
  }
  if (video?.maxSizeMB) {
    const long = video.maxDurationSec ? `, ${t("account.limit.videoSeconds", { minutes: number(video.maxDurationSec / 60, { maximumFractionDigits: 1 }) })}` : "";
    texts.push(`${t("account.limit.video", { size: number(video.maxSizeMB) })}${long}`);
  } else if (!video) texts.push(t("account.limit.noVideo"));
  return (
    <div>
      <h4 className={css.small}>{t("account.limits", { platform: look(platform).name })}</h4>
      <ul className={`plain small ${css.limits ?? ""}`}>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

function Actions({ account, onReconnect }: { account: Account; onReconnect: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const disconnect = useDisconnect();
  const [asked, setAsked] = useState(false);
  const name = account.account_name;
  return (
    <div className="row wrap">
      <ButtonLink to="/posts" search={{ account: account.account_id }} variant="default" size="xs">
        {t("account.posts")}
      </ButtonLink>
      <Button variant="default" size="xs" leftSection={<IconPlugConnected size={15} aria-hidden />} onClick={onReconnect}>
        {t("account.reconnect")}
      </Button>
      {account.is_active && (
        <Button variant="default" size="xs" leftSection={<IconPlugOff size={15} aria-hidden />} onClick={() => setAsked(true)}>
          {t("account.disconnect")}
        </Button>
      )}
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("account.disconnect.ask", { name })}
        action={t("account.disconnect")}
        busy={disconnect.isPending}
        error={disconnect.error}
        onConfirm={() =>
          disconnect.mutate(account.account_id, {
            onSuccess: () => {
              setAsked(false);
              tell(t("account.disconnected", { name }));
            },
          })
        }
      >
        <p className="no-margin">{t("account.disconnect.what")}</p>
      </Confirm>
    </div>
  );
}
