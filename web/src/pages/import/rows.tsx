// What becomes of each row of a file.

import { Button, SegmentedControl, Table } from "@mantine/core";
import { useState } from "react";

import { useAccounts } from "@/api/calls/accounts";
import type { ImportedPosts } from "@/api/types";
import { useTexts } from "@/i18n";
import { Badge, PlatformMark, type Tone } from "@/ui/badges";
import { TextLink } from "@/ui/links";

import css from "./import.module.css";

type Row = ImportedPosts["results"][number];

const TONES: Record<Row["outcome"], Tone> = {
  created: "good",
  would_be_created: "good",
  already_there: "mute",
  skipped: "mute",
  waiting: "wait",
  refused: "bad",
};
/** So many rows are drawn at once. */
const PAGE = 100;

export function Rows({ results }: { results: Row[] }) {
  const { t, moment } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const [which, setWhich] = useState<"all" | "trouble">("all");
  const [most, setMost] = useState(PAGE);
  const trouble = results.filter((row) => row.outcome === "refused" || row.outcome === "waiting" || row.notes.length > 0);
  const shown = which === "trouble" ? trouble : results;
  return (
    <div className="stack">
      {trouble.length > 0 && trouble.length < results.length && (
        <div>
          <SegmentedControl
            size="xs"
            aria-label={t("import.rows")}
            value={which}
            onChange={setWhich}
            data={[
              { value: "all", label: t("hooks.log.all") },
              { value: "trouble", label: t("import.rows.trouble") },
            ]}
          />
        </div>
      )}
      <div style={{ overflowX: "auto" }} role="region" aria-label={t("import.rows")} tabIndex={0}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("import.row")}</Table.Th>
              <Table.Th>{t("import.outcome")}</Table.Th>
              <Table.Th>{t("import.when")}</Table.Th>
              <Table.Th>{t("import.where")}</Table.Th>
              <Table.Th>{t("import.told")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.slice(0, most).map((row) => (
              <Table.Tr key={row.row}>
                <Table.Td className="number">{row.row}</Table.Td>
                <Table.Td>
                  <Badge tone={TONES[row.outcome]}>{t(`import.count.${row.outcome}`)}</Badge>
                </Table.Td>
                <Table.Td className="number">{row.scheduled_for ? moment(row.scheduled_for) : row.status === "draft" ? t("status.draft") : "–"}</Table.Td>
                <Table.Td>
                  <span className="row wrap" style={{ "--gap": "0.25rem" } as React.CSSProperties}>
                    {row.account_ids.map((id) => {
                      const account = accounts.find((one) => one.account_id === id);
                      return account ? <PlatformMark key={id} platform={account.platform} /> : <code key={id}>{id}</code>;
                    })}
                  </span>
                </Table.Td>
                <Table.Td>
                  <div className={css.told}>
                    {row.errors.map((error) => (
                      <span key={`${error.code} ${error.field ?? ""} ${error.message}`} className="bad small breaks">
                        {error.field && <code>{error.field}</code>} {error.message}
                      </span>
                    ))}
                    {row.notes.map((note) => (
                      <span key={note} className="dim small breaks">
                        {note}
                      </span>
                    ))}
                    {row.post_id && row.outcome !== "would_be_created" && (
                      <TextLink to="/posts/$postId" params={{ postId: row.post_id }} className="small">
                        {t("import.show")}
                      </TextLink>
                    )}
                  </div>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {shown.length > most && (
        <div>
          <Button size="xs" variant="default" onClick={() => setMost(most + PAGE)}>
            {t("import.more")}
          </Button>
        </div>
      )}
    </div>
  );
}
