// Who did what.

import { Button, Table } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";

import { useAuditLog } from "@/api/session";
import { useTexts } from "@/i18n";
import { Section } from "@/ui/page";
import { Await, Empty } from "@/ui/states";

export function AuditLog() {
  const { t, moment } = useTexts();
  const [cursor, setCursor] = useState<string | null>(null);
  const log = useAuditLog(cursor);
  return (
    <Section title={t("settings.tab.audit")} lead={t("audit.lead")}>
      <Await query={log}>
        {({ entries, pagination }) =>
          entries.length === 0 ? (
            <Empty icon={IconHistory} title={t("audit.none")} />
          ) : (
            <div className="stack">
              <div style={{ overflowX: "auto" }} role="region" aria-label={t("settings.tab.audit")} tabIndex={0}>
                <Table verticalSpacing="xs">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t("audit.when")}</Table.Th>
                      <Table.Th>{t("audit.who")}</Table.Th>
                      <Table.Th>{t("audit.what")}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {entries.map((entry) => (
                      <Table.Tr key={entry.id}>
                        <Table.Td className="number" style={{ whiteSpace: "nowrap" }}>
                          <time dateTime={entry.created_at}>{moment(entry.created_at)}</time>
                        </Table.Td>
                        <Table.Td>{entry.actor}</Table.Td>
                        <Table.Td>
                          <code>{entry.action}</code> {entry.detail}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </div>
              <div className="row">
                {cursor && (
                  <Button size="xs" variant="default" onClick={() => setCursor(null)}>
                    {t("audit.newest")}
                  </Button>
                )}
                {pagination.next_cursor && (
                  <Button size="xs" variant="default" onClick={() => setCursor(pagination.next_cursor ?? null)}>
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
