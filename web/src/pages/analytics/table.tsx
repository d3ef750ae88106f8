// The numbers of each platform.

import { Table } from "@mantine/core";

import type { AnalyticsSummary } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { PlatformMark } from "@/ui/badges";

export function PlatformTable({ counts }: { counts: AnalyticsSummary["by_platform"] }) {
  const { t, number } = useTexts();
  return (
    <div style={{ overflowX: "auto" }} role="region" aria-label={t("analytics.platforms")} tabIndex={0}>
      <Table verticalSpacing="xs" className="number">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("analytics.platform")}</Table.Th>
            <Table.Th ta="right">{t("status.published")}</Table.Th>
            <Table.Th ta="right">{t("status.scheduled")}</Table.Th>
            <Table.Th ta="right">{t("status.failed")}</Table.Th>
            <Table.Th ta="right">{t("analytics.total")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {counts.map((one) => (
            <Table.Tr key={one.platform}>
              <Table.Td>
                <span className="row">
                  <PlatformMark platform={one.platform} named /> {look(one.platform).name}
                </span>
              </Table.Td>
              <Table.Td ta="right">{number(one.published)}</Table.Td>
              <Table.Td ta="right">{number(one.scheduled)}</Table.Td>
              <Table.Td ta="right">{number(one.failed)}</Table.Td>
              <Table.Td ta="right">{number(one.total)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
