// How many follow accounts, over time.

import { Table } from "@mantine/core";
import { lazy, Suspense } from "react";

import { useAccountMetrics } from "@/api/calls/accounts";
import { useTexts } from "@/i18n";
import { Loading } from "@/ui/states";

import { dailyPoints, type Followed } from "./follower-points";

const Lines = lazy(() => import("@/ui/lines"));

export function Followers({ accounts }: { accounts: { id: number; name: string }[] }) {
  const { t, day, number } = useTexts();
  const readings = useAccountMetrics(accounts.map((one) => one.id));
  if (readings.some((one) => one.isPending)) return <Loading />;
  const told: Followed[] = readings.flatMap((one) => (one.data ? [{ id: one.data.account_id, readings: one.data.readings }] : []));
  const points = dailyPoints(told);
  const nameOf = (id: number) => accounts.find((one) => one.id === id)?.name ?? String(id);
  const messages = [...new Set(readings.map((one) => one.data?.message).filter((message) => typeof message === "string"))];
  if (points.length === 0) return <p className="dim small no-margin">{messages[0] ?? t("did.followers.none")}</p>;
  const series = told.filter((one) => one.readings.length > 0).map((one) => ({ key: String(one.id), name: nameOf(one.id) }));
  const short = (x: number) => day(new Date(x), { day: "numeric", month: "short" });
  return (
    <div className="stack" style={{ "--gap": "0.5rem" } as React.CSSProperties}>
      {points.length > 1 && (
        <Suspense fallback={<Loading />}>
          <Lines series={series} points={points} labelOf={short} height={180} />
        </Suspense>
      )}
      <details className="small">
        <summary>{t("did.followers.counts")}</summary>
        <div style={{ overflow: "auto", maxHeight: "16rem" }} role="region" aria-label={t("did.followers.counts")} tabIndex={0}>
          <Table className="number" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("did.day")}</Table.Th>
                {series.map((one) => (
                  <Table.Th key={one.key} ta="right">
                    {one.name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {[...points].reverse().map((point) => (
                <Table.Tr key={point.x}>
                  <Table.Td>{short(point.x)}</Table.Td>
                  {series.map((one) => (
                    <Table.Td key={one.key} ta="right">
                      {point[one.key] === undefined ? "–" : number(point[one.key] ?? 0)}
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
