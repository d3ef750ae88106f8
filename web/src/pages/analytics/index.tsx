// What went out, where, and what people did with it.

import { IconChartBar } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useAnalytics } from "@/api/calls/workspace";
import type { AnalyticsSummary } from "@/api/types";
import { useTexts, type Key } from "@/i18n";
import { Followers } from "@/ui/followers";
import { ButtonLink } from "@/ui/links";
import { Page, Section } from "@/ui/page";
import { Await, Empty } from "@/ui/states";

import css from "./analytics.module.css";
import { BestTimes } from "./best-times";
import { Breakdown } from "./breakdown";
import { Outcomes, PlatformBars } from "./charts";
import { PeriodChoice } from "./filters";
import { asked, METRICS, type Search } from "./search";
import { PlatformTable } from "./table";

export function AnalyticsPage() {
  const { t } = useTexts();
  const search = useSearch({ from: "/signed-in/analytics" });
  const navigate = useNavigate();
  const summary = useAnalytics(asked(search));
  const change = (next: Search) => void navigate({ to: "/analytics", search: { ...search, ...next }, replace: true });
  return (
    <Page title={t("analytics.title")} actions={<PeriodChoice search={search} onChange={change} />}>
      <Await query={summary}>
        {(loaded) => (
          <Shown summary={loaded}>
            <Breakdown search={search} onChange={change} />
          </Shown>
        )}
      </Await>
      <BestTimes />
    </Page>
  );
}

function Shown({ summary, children }: { summary: AnalyticsSummary; children: ReactNode }) {
  const { t, number } = useTexts();
  const { posts, metrics } = summary;
  if (posts.total === 0) {
    return (
      <div className="card">
        <Empty icon={IconChartBar} title={t("analytics.none")} action={<ButtonLink to="/compose">{t("posts.new")}</ButtonLink>}>
          {t("analytics.none.do")}
        </Empty>
      </div>
    );
  }
  const measured = METRICS.filter((name) => metrics[name] > 0);
  return (
    <>
      <dl className={css.numbers}>
        <Figure label={t("analytics.posts")} value={number(posts.total)} />
        <Figure label={t("status.published")} value={number(posts.published)} />
        <Figure label={t("status.scheduled")} value={number(posts.scheduled)} />
        <Figure label={t("status.failed")} value={number(posts.failed + posts.partially_failed)} tone={posts.failed + posts.partially_failed > 0 ? "bad" : undefined} />
        <Figure label={t("analytics.credits")} value={number(summary.ai_credits.used_this_period)} />
      </dl>
      {children}
      <div className={css.columns}>
        <Section title={t("analytics.posts.by")}>
          <Outcomes counts={posts} />
        </Section>
        <Section title={t("analytics.platforms")}>
          <PlatformBars counts={summary.by_platform} />
          <details className="small">
            <summary>{t("analytics.as.table")}</summary>
            <PlatformTable counts={summary.by_platform} />
          </details>
        </Section>
      </div>
      <div className={css.columns}>
        <Section title={t("analytics.metrics")}>
          {measured.length === 0 ? (
            <p className="dim no-margin">{t("analytics.metrics.none")}</p>
          ) : (
            <dl className={css.metrics}>
              {measured.map((name) => (
                <Figure key={name} label={t(`analytics.${name}` satisfies Key)} value={number(metrics[name])} />
              ))}
            </dl>
          )}
        </Section>
        <Section title={t("analytics.audience")}>
          <Audience summary={summary} />
          {summary.audience.length > 0 && <Followers accounts={summary.audience.map((one) => ({ id: one.account_id, name: one.account_name }))} />}
        </Section>
      </div>
    </>
  );
}

function Audience({ summary }: { summary: AnalyticsSummary }) {
  const { t, number } = useTexts();
  if (summary.audience.length === 0) return <p className="dim no-margin">{t("analytics.audience.none")}</p>;
  return (
    <ul className={`plain ${css.audience ?? ""}`}>
      {summary.audience.map((one) => (
        <li key={one.account_id} className="row between">
          <span className="cut">{one.account_name}</span>
          <span className="number">
            {number(one.followers)}
            {one.change_in_period != null && (
              <span className="dim small"> {t("analytics.change", { change: number(one.change_in_period, { signDisplay: "exceptZero" }) })}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Figure({ label, value, tone }: { label: string; value: string; tone?: "bad" | undefined }) {
  return (
    <div className={css.figure}>
      <dt>{label}</dt>
      <dd className="number" data-tone={tone}>
        {value}
      </dd>
    </div>
  );
}
