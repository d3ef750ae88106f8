// What this server is set up for, and how much of it the organization may use. Read only: it is changed where
// the server runs.

import { Progress } from "@mantine/core";

import { useServer, useSession, type ServerPlatform } from "@/api/session";
import { useMe } from "@/api/calls/workspace";
import { useTexts, type Key } from "@/i18n";
import { Badge, PlatformMark } from "@/ui/badges";
import { Copyable } from "@/ui/copy";
import { Section } from "@/ui/page";
import { Await } from "@/ui/states";

import css from "./settings.module.css";

export function ServerSettings() {
  return (
    <div className="stack">
      <Plan />
      <Platforms />
      <Backup />
      <Version />
    </div>
  );
}

/** What the API says where there is no limit. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

function Plan() {
  const { t, number, bytes } = useTexts();
  const me = useMe();
  return (
    <Section title={t("server.plan")} lead={t("server.plan.lead")}>
      <Await query={me}>
        {({ quota, organization }) => (
          <>
            <p className="no-margin">
              {t("server.plan.name")}: <span className="strong">{organization.subscription_plan}</span>
            </p>
            <dl className={css.usage}>
              <Used label="server.plan.accounts" {...quota.accounts} show={number} />
              <Used label="server.plan.credits" {...quota.ai_credits} show={number} />
              <Used label="server.plan.storage" {...quota.storage_bytes} show={bytes} />
              {quota.posts_per_day && <Used label="server.plan.posts" {...quota.posts_per_day} show={number} />}
            </dl>
          </>
        )}
      </Await>
    </Section>
  );
}

function Used({ label, used, limit, show }: { label: Key; used: number; limit: number; show: (value: number) => string }) {
  const { t } = useTexts();
  const isLimited = limit < NO_LIMIT;
  const share = isLimited && limit > 0 ? Math.min(100, (used / limit) * 100) : 0;
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd className="number">
        {isLimited ? t("server.plan.of", { used: show(used), limit: show(limit) }) : t("server.plan.open", { used: show(used) })}
        {isLimited && <Progress value={share} size="sm" mt={4} {...(share >= 90 ? { color: "red.8" } : {})} aria-label={t(label)} />}
      </dd>
    </div>
  );
}

function Platforms() {
  const { t } = useTexts();
  const server = useServer();
  return (
    <Await query={server}>
      {({ platforms, ai }) => (
        <>
          <Section title={t("server.platforms")} lead={t("server.platforms.lead")}>
            <ul className={`plain ${css.people ?? ""}`}>
              {platforms.map((platform) => (
                <PlatformRow key={platform.platform} platform={platform} />
              ))}
            </ul>
          </Section>
          <Section title={t("server.ai")} lead={t("server.ai.lead")}>
            {ai.set_up ? (
              <dl className={css.usage}>
                <Fact label="server.ai.host" value={ai.host ?? "–"} />
                <Fact label="server.ai.captions" value={ai.caption_model ?? t("server.ai.off")} />
                <Fact label="server.ai.images" value={ai.image_models.join(", ") || t("server.ai.off")} />
              </dl>
            ) : (
              <>
                <p className="no-margin">{t("server.ai.none")}</p>
                <Copyable label={t("server.ai")} value={'[ai]\nbase_url = "https://api.openai.com/v1"\napi_key = "…"\ncaption_model = "…"\nimage_model = "…"'} multiline />
              </>
            )}
          </Section>
        </>
      )}
    </Await>
  );
}

function Fact({ label, value }: { label: Key; value: string }) {
  const { t } = useTexts();
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd className="breaks">{value}</dd>
    </div>
  );
}

function PlatformRow({ platform }: { platform: ServerPlatform }) {
  const { t } = useTexts();
  const status: Key = !platform.needs_app ? "server.platform.none" : platform.set_up ? "server.platform.set" : "server.platform.unset";
  return (
    <li className={css.person}>
      <PlatformMark platform={platform.platform} size={26} named />
      <span className="grow strong">{platform.name}</span>
      <Badge tone={platform.set_up ? "good" : "mute"}>{t(status)}</Badge>
      {!platform.set_up && (
        <details className={css.how}>
          <summary>{t("server.platform.how", { platform: platform.name })}</summary>
          <div className="stack" style={{ "--gap": "0.5rem" } as React.CSSProperties}>
            <p className="no-margin">{t("server.platform.redirect")}</p>
            <Copyable label={t("server.platform.redirect")} value={platform.redirect_url ?? ""} />
            <p className="no-margin">{t("server.platform.command")}</p>
            <Copyable label={t("server.platform.command")} value={`fanfare app set ${platform.platform} --client-id … < secret.txt`} multiline />
          </div>
        </details>
      )}
    </li>
  );
}

function Backup() {
  const { t } = useTexts();
  return (
    <Section title={t("server.backup")} lead={t("server.backup.lead")}>
      <Copyable label={t("server.backup")} value={"fanfare backup backups/monday\nfanfare backup --verify backups/monday"} multiline />
      <p className="dim small no-margin">{t("server.backup.key")}</p>
    </Section>
  );
}

function Version() {
  const { t } = useTexts();
  const { data } = useSession();
  return data ? <p className="dim small no-margin">{t("server.version", { version: data.version })}</p> : null;
}
