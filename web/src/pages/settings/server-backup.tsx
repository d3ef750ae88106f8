// When the last backup was made, and how one is made.

import type { ServerBackup } from "@/api/session";
import { useTexts } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Copyable } from "@/ui/copy";
import { Note } from "@/ui/note";
import { Section } from "@/ui/page";

import css from "./settings.module.css";

export function Backup({ backup }: { backup: ServerBackup | null }) {
  const { t } = useTexts();
  return (
    <Section title={t("server.backup")} lead={t("server.backup.lead")}>
      {backup && <Last backup={backup} />}
      <Copyable label={t("server.backup")} value={"fanfare backup backups/monday\nfanfare backup --verify backups/monday"} multiline />
      <p className="dim small no-margin">{t("server.backup.key")}</p>
    </Section>
  );
}

function Last({ backup: { last, due, postgres } }: { backup: ServerBackup }) {
  const { t, ago, bytes, number } = useTexts();
  return (
    <>
      {due && (
        <Note tone="wait" title={t(last ? "server.backup.old" : "server.backup.none")}>
          <p className="no-margin">{t(postgres ? "server.backup.postgres" : "server.backup.do")}</p>
        </Note>
      )}
      {last && (
        <dl className={css.usage}>
          <div>
            <dt>{t("server.backup.last")}</dt>
            <dd>
              <time dateTime={last.made_at}>{ago(last.made_at)}</time> {!due && <Badge tone="good">{t("server.backup.fresh")}</Badge>}
            </dd>
          </div>
          <div>
            <dt>{t("server.backup.name")}</dt>
            <dd className="breaks">{last.name}</dd>
          </div>
          <div>
            <dt>{t("server.backup.size")}</dt>
            <dd className="number">{t("server.backup.took", { size: bytes(last.size_bytes), seconds: number(Math.max(1, last.seconds)) })}</dd>
          </div>
        </dl>
      )}
    </>
  );
}
