// What keys asked of late.

import { Button, SegmentedControl, Table } from "@mantine/core";
import { IconListSearch, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";

import { useRequests, type LoggedRequest } from "@/api/session";
import { useTexts } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Section } from "@/ui/page";
import { Await, Empty } from "@/ui/states";

export function Requests() {
  const { t } = useTexts();
  const [failed, setFailed] = useState(false);
  const [cursor, setCursor] = useState<string | null>(null);
  const log = useRequests(failed, cursor);
  return (
    <Section
      title={t("dev.tab.requests")}
      lead={t("requests.lead")}
      actions={
        <Button size="xs" variant="default" leftSection={<IconRefresh size={15} aria-hidden />} loading={log.isFetching} onClick={() => void log.refetch()}>
          {t("requests.refresh")}
        </Button>
      }
    >
      <div>
        <SegmentedControl
          size="xs"
          aria-label={t("requests.which")}
          value={failed ? "failed" : "all"}
          onChange={(value) => {
            setFailed(value === "failed");
            setCursor(null);
          }}
          data={[
            { value: "all", label: t("hooks.log.all") },
            { value: "failed", label: t("requests.failed") },
          ]}
        />
      </div>
      <Await query={log}>
        {({ requests, pagination }) =>
          requests.length === 0 ? (
            <Empty icon={IconListSearch} title={failed ? t("requests.none.failed") : t("requests.none")}>
              {t("requests.none.do")}
            </Empty>
          ) : (
            <div className="stack">
              <Rows requests={requests} />
              <div className="row">
                {cursor && (
                  <Button size="xs" variant="default" onClick={() => setCursor(null)}>
                    {t("audit.newest")}
                  </Button>
                )}
                {pagination.next_cursor && (
                  <Button size="xs" variant="default" onClick={() => setCursor(pagination.next_cursor)}>
                    {t("audit.older")}
                  </Button>
                )}
              </div>
            </div>
          )
        }
      </Await>
    </Section>
  );
}

function Rows({ requests }: { requests: LoggedRequest[] }) {
  const { t, moment, number } = useTexts();
  return (
    <div style={{ overflowX: "auto" }} role="region" aria-label={t("dev.tab.requests")} tabIndex={0}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("requests.when")}</Table.Th>
            <Table.Th>{t("requests.what")}</Table.Th>
            <Table.Th>{t("requests.status")}</Table.Th>
            <Table.Th ta="right">{t("requests.took")}</Table.Th>
            <Table.Th>{t("requests.key")}</Table.Th>
            <Table.Th>{t("requests.id")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {requests.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td className="number" style={{ whiteSpace: "nowrap" }}>
                <time dateTime={one.created_at} title={one.created_at}>
                  {moment(one.created_at)}
                </time>
              </Table.Td>
              <Table.Td>
                <code className="breaks">
                  {one.method} {one.path}
                </code>
              </Table.Td>
              <Table.Td>
                <Badge tone={one.status < 400 ? "good" : one.status < 500 ? "wait" : "bad"}>{String(one.status)}</Badge>
              </Table.Td>
              <Table.Td ta="right" className="number" style={{ whiteSpace: "nowrap" }}>
                {number(one.duration_ms, { maximumFractionDigits: 1 })} ms
              </Table.Td>
              <Table.Td>{one.key_name ?? <span className="dim">{t("requests.key.gone")}</span>}</Table.Td>
              <Table.Td>
                <code>{one.request_id}</code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
