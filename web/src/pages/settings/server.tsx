// What this server is set up for, and how much of it the organization may use.

import { Progress } from "@mantine/core";

import { useServer, useSession } from "@/api/session";
import { useMe } from "@/api/calls/workspace";
import { useTexts, type Key } from "@/i18n";
import { Section } from "@/ui/page";
import { Await } from "@/ui/states";

import { Ai } from "./server-ai";
import { Backup } from "./server-backup";
import { Platforms } from "./server-platforms";
import css from "./settings.module.css";

export function ServerSettings() {
  return (
    <div className="stack">
      <Plan />
      <About />
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

function About() {
  const server = useServer();
  return (
    <Await query={server}>
      {(info) => (
        <>
          <Platforms server={info} />
          <Ai ai={info.ai} />
          <Backup backup={info.backup} />
        </>
      )}
    </Await>
  );
}

function Version() {
  const { t } = useTexts();
  const { data } = useSession();
  return data ? <p className="dim small no-margin">{t("server.version", { version: data.version })}</p> : null;
}
