// What went live and what people did with it: over time, and by platform, account and campaign.

import { NativeSelect, Table } from "@mantine/core";

import { useBreakdown, type BreakdownQuery } from "@/api/calls/workspace";
import type { AnalyticsBreakdown } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { ownZone } from "@/lib/zone";
import { PlatformMark } from "@/ui/badges";
import { TextLink } from "@/ui/links";
import { Section } from "@/ui/page";
import { Await, Loading } from "@/ui/states";

import css from "./analytics.module.css";
import { OverTime } from "./charts";
import { Filters } from "./filters";
import { asked, isMetric, METRICS, type Metric, type Search } from "./search";

type Row = AnalyticsBreakdown["rows"][number];

export function Breakdown({ search, onChange }: { search: Search; onChange: (change: Search) => void }) {
  const { t } = useTexts();
  const query: BreakdownQuery = {
    ...asked(search),
    timezone: ownZone(),
    ...(search.account === undefined ? {} : { account_id: search.account }),
    ...(search.campaign === undefined ? {} : { campaign_id: search.campaign }),
    ...(search.platform === undefined ? {} : { platform: search.platform }),
  };
  const time = useBreakdown({ ...query, by: "day" });
  const platforms = useBreakdown({ ...query, by: "platform" });
  const accounts = useBreakdown({ ...query, by: "account" });
  const campaigns = useBreakdown({ ...query, by: "campaign" });
  const metric = isMetric(search.metric) ? search.metric : most(time.data?.rows ?? []);
  return (
    <>
      <Section title={t("analytics.how")}>
        <div className={css.choices}>
          <Filters search={search} onChange={onChange} />
          <NativeSelect
            aria-label={t("analytics.metric")}
            value={metric}
            onChange={(event) => onChange({ metric: event.currentTarget.value })}
            data={METRICS.map((value) => ({ value, label: t(`analytics.${value}`) }))}
          />
        </div>
        <Await query={time} loading={<Loading />}>
          {(found) => <Time found={found} metric={metric} />}
        </Await>
      </Section>
      <div className={css.columns}>
        <Section title={t("analytics.by.platform")}>
          <Await query={platforms} loading={<Loading />}>
            {({ rows }) => <Ranking rows={rows} metric={metric} head={t("analytics.platform")} name={(row) => <Platform row={row} />} />}
          </Await>
        </Section>
        <Section title={t("analytics.by.campaign")}>
          <Await query={campaigns} loading={<Loading />}>
            {({ rows }) => <Ranking rows={rows} metric={metric} head={t("analytics.campaign")} name={(row) => <Campaign row={row} />} />}
          </Await>
        </Section>
      </div>
      <Section title={t("analytics.by.account")}>
        <Await query={accounts} loading={<Loading />}>
          {({ rows }) => <Ranking rows={rows} metric={metric} head={t("analytics.account")} name={(row) => <Account row={row} />} />}
        </Await>
      </Section>
    </>
  );
}

/** The metric that most is told of: a platform without views is not shown by its views. */
function most(rows: Row[]): Metric {
  const sum = (name: Metric) => rows.reduce((sum, row) => sum + row.metrics[name], 0);
  return METRICS.reduce((best, one) => (sum(one) > sum(best) ? one : best));
}

function Time({ found, metric }: { found: AnalyticsBreakdown; metric: Metric }) {
  const { t, day, number } = useTexts();
  const step = found.step ?? "day";
  const label = (date: string) => day(`${date}T12:00:00`, step === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" });
  const steps = found.rows.map((row) => ({ date: row.date ?? "", published: row.published, failed: row.failed, value: row.metrics[metric] }));
  return (
    <div className="stack">
      <OverTime steps={steps} metric={t(`analytics.${metric}`)} labelOf={label} />
      <p className="dim small no-margin">{t("analytics.metric.latest", { metric: t(`analytics.${metric}`) })}</p>
      <details className="small">
        <summary>{t("analytics.as.table")}</summary>
        <div className={css.scroll} role="region" aria-label={t("analytics.over.time")} tabIndex={0}>
          <Table className="number" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t(`analytics.step.${step}`)}</Table.Th>
                <Table.Th ta="right">{t("status.published")}</Table.Th>
                <Table.Th ta="right">{t("status.failed")}</Table.Th>
                {METRICS.map((name) => (
                  <Table.Th key={name} ta="right">
                    {t(`analytics.${name}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {[...found.rows].reverse().map((row) => (
                <Table.Tr key={row.date}>
                  <Table.Th scope="row" fw={400}>
                    {label(row.date ?? "")}
                  </Table.Th>
                  <Table.Td ta="right">{number(row.published)}</Table.Td>
                  <Table.Td ta="right">{number(row.failed)}</Table.Td>
                  {METRICS.map((name) => (
                    <Table.Td key={name} ta="right">
                      {number(row.metrics[name])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </div>
  );
}

interface RankingProps {
  rows: Row[];
  metric: Metric;
  head: string;
  name: (row: Row) => React.ReactNode;
}

/** Rows by the metric, each with a bar that says how much of the greatest it is. */
function Ranking({ rows, metric, head, name }: RankingProps) {
  const { t, number } = useTexts();
  if (rows.length === 0) return <p className="dim no-margin">{t("analytics.nothing")}</p>;
  const greatest = Math.max(1, ...rows.map((row) => row.metrics[metric]));
  const sorted = [...rows].sort((one, other) => other.metrics[metric] - one.metrics[metric]);
  return (
    <div className={css.scroll} role="region" aria-label={head} tabIndex={0}>
      <Table className="number" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{head}</Table.Th>
            <Table.Th ta="right">{t("status.published")}</Table.Th>
            <Table.Th ta="right">{t("status.failed")}</Table.Th>
            <Table.Th ta="right">{t(`analytics.${metric}`)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((row) => (
            <Table.Tr key={row.account_id ?? row.campaign_id ?? row.platform ?? ""}>
              <Table.Th scope="row" fw={400} className={css.name}>
                {name(row)}
                {row.metrics[metric] > 0 && <div className={css.bar} style={{ width: `${String((row.metrics[metric] / greatest) * 100)}%` }} aria-hidden />}
              </Table.Th>
              <Table.Td ta="right">{number(row.published)}</Table.Td>
              <Table.Td ta="right" c={row.failed > 0 ? "var(--bad)" : "dimmed"}>
                {number(row.failed)}
              </Table.Td>
              <Table.Td ta="right" fw={600}>
                {number(row.metrics[metric])}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Platform({ row }: { row: Row }) {
  const { t } = useTexts();
  const platform = row.platform ?? "";
  const { name } = look(platform);
  return (
    <span className="row">
      <PlatformMark platform={platform} named />
      <TextLink from="/analytics" to="." search={(before) => ({ ...before, platform })} aria-label={t("analytics.only", { name })}>
        {name}
      </TextLink>
    </span>
  );
}

function Account({ row }: { row: Row }) {
  const { t } = useTexts();
  const platform = row.platform ?? "";
  const name = row.account_name ?? "";
  const account = row.account_id ?? undefined;
  return (
    <span className="row">
      <PlatformMark platform={platform} />
      <TextLink from="/analytics" to="." search={(before) => ({ ...before, account })} className="cut" aria-label={t("analytics.only", { name: `${name}, ${look(platform).name}` })}>
        {name}
      </TextLink>
    </span>
  );
}

function Campaign({ row }: { row: Row }) {
  const { t } = useTexts();
  if (row.campaign_id === null || row.campaign_name === null) return <span className="dim">{t("analytics.no.campaign")}</span>;
  const campaign = row.campaign_id;
  return (
    <TextLink from="/analytics" to="." search={(before) => ({ ...before, campaign })} className="cut" aria-label={t("analytics.only", { name: row.campaign_name })}>
      {row.campaign_name}
    </TextLink>
  );
}
