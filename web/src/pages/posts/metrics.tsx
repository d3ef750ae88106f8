// How a post did on each account, reading by reading.

import { SegmentedControl, Table } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

import { usePostMetrics } from "@/api/calls/posts";
import type { DestinationReadings, Post } from "@/api/types";
import { useTexts, type Key } from "@/i18n";
import { look } from "@/lib/platforms";
import { PlatformMark } from "@/ui/badges";
import { Section } from "@/ui/page";
import { Await, Loading } from "@/ui/states";

import { ageOf, pointsOf, toldMetrics, type Metric } from "./readings";

const Lines = lazy(() => import("@/ui/lines"));

export function PostNumbers({ post }: { post: Post }) {
  const { t } = useTexts();
  const metrics = usePostMetrics(post.post_id);
  if (!post.destinations.some((one) => one.status === "published")) return null;
  return (
    <Section title={t("did.title")} lead={t("did.lead")}>
      <Await query={metrics} loading={<Loading />}>
        {({ destinations }) => <Shown destinations={destinations.filter((one) => one.status !== "not_published")} />}
      </Await>
    </Section>
  );
}

const nameOf = (one: DestinationReadings) => `${one.account_name ?? one.account_id} · ${look(one.platform).name}`;

function Shown({ destinations }: { destinations: DestinationReadings[] }) {
  const { t } = useTexts();
  const told = toldMetrics(destinations);
  const [chosen, setChosen] = useState<Metric | null>(null);
  const metric = chosen && told.includes(chosen) ? chosen : told[0];
  const label = (one: Metric) => t(`analytics.${one}` satisfies Key);
  const points = metric ? pointsOf(destinations, metric) : [];
  return (
    <div className="stack">
      {metric && points.length > 1 && (
        <div className="stack" style={{ "--gap": "0.5rem" } as React.CSSProperties}>
          {told.length > 1 && (
            <div style={{ overflowX: "auto" }}>
              <SegmentedControl
                size="xs"
                aria-label={t("did.metric")}
                value={metric}
                onChange={(value) => setChosen(value)}
                data={told.map((value) => ({ value, label: label(value) }))}
              />
            </div>
          )}
          <p className="sr-only">{t("did.over", { metric: label(metric) })}</p>
          <Suspense fallback={<Loading />}>
            <Lines
              series={destinations.map((one) => ({ key: String(one.account_id), name: nameOf(one) }))}
              points={points}
              labelOf={(x) => {
                const { unit, count } = ageOf(x);
                return t(`did.${unit}`, { count });
              }}
            />
          </Suspense>
        </div>
      )}
      <Latest destinations={destinations} told={told} />
    </div>
  );
}

function Latest({ destinations, told }: { destinations: DestinationReadings[]; told: Metric[] }) {
  const { t, number, moment } = useTexts();
  return (
    <div style={{ overflowX: "auto" }} role="region" aria-label={t("did.latest")} tabIndex={0}>
      <Table verticalSpacing="xs" className="number">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("did.account")}</Table.Th>
            {told.map((metric) => (
              <Table.Th key={metric} ta="right">
                {t(`analytics.${metric}` satisfies Key)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {destinations.map((one) => (
            <Table.Tr key={one.account_id}>
              <Table.Td>
                <span className="row">
                  <PlatformMark platform={one.platform} /> {one.account_name}
                </span>
                {one.message ? (
                  <span className="dim small breaks">{one.message}</span>
                ) : (
                  <span className="dim small">
                    {!one.latest && `${t("did.none")} `}
                    {one.next_reading_at && t("did.next", { time: moment(one.next_reading_at) })}
                  </span>
                )}
              </Table.Td>
              {told.map((metric) => (
                <Table.Td key={metric} ta="right">
                  {one.latest?.[metric] == null ? "–" : number(one.latest[metric])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
