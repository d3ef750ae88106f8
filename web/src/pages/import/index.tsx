// A file of posts: looked at first, then brought in.

import { Autocomplete, Button, FileButton, NativeSelect, TextInput } from "@mantine/core";
import { IconFileUpload, IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useState, type DragEvent } from "react";

import { useAccounts } from "@/api/calls/accounts";
import { useImport, type ImportQuery } from "@/api/calls/import";
import type { ImportedPosts } from "@/api/types";
import { useTexts } from "@/i18n";
import { look } from "@/lib/platforms";
import { ownZone, zones } from "@/lib/zone";
import { FormRefusal } from "@/ui/form-refusal";
import { ButtonLink } from "@/ui/links";
import { Page, Section } from "@/ui/page";
import { Loading } from "@/ui/states";
import { isZone } from "@/ui/time-fields";

import css from "./import.module.css";
import { mappingOf, pauseOf, type Mapped } from "./mapping";
import { Rows } from "./rows";

const FORMATS = ["auto", "csv", "json", "postiz", "mixpost"] as const;
type Format = (typeof FORMATS)[number];

export function ImportPage() {
  const { t } = useTexts();
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<Format>("auto");
  const [zone, setZone] = useState(ownZone);
  const [mapping, setMapping] = useState<Mapped[]>([]);
  const look = useImport();
  const bring = useImport();

  const queryFor = (dry: boolean): ImportQuery => {
    const accounts = mappingOf(mapping);
    return {
      dry_run: dry,
      ...(isZone(zone) ? { timezone: zone } : {}),
      ...(format === "auto" ? {} : { format }),
      ...(accounts ? { account_mapping: accounts } : {}),
    };
  };
  const preview = (chosen: File | null) => {
    setFile(chosen);
    bring.reset();
    look.reset();
    if (chosen) look.mutate({ file: chosen, query: queryFor(true) });
  };
  const send = () => {
    if (file) bring.mutate({ file, query: queryFor(false) });
  };
  const told = bring.data ?? look.data;

  return (
    <Page
      title={t("import.title")}
      lead={t("import.lead")}
      actions={
        <ButtonLink to="/posts" variant="default">
          {t("posts.title")}
        </ButtonLink>
      }
    >
      <Section title={t("import.file")} lead={t("import.file.lead")}>
        <Choose file={file} onChoose={preview} />
        <div className={css.options}>
          <NativeSelect
            label={t("import.format")}
            value={format}
            onChange={(event) => setFormat(event.currentTarget.value as Format)}
            data={FORMATS.map((value) => ({ value, label: t(`import.format.${value}`) }))}
          />
          <Autocomplete
            label={t("import.zone")}
            description={t("import.zone.hint")}
            value={zone}
            limit={40}
            data={zones()}
            onChange={setZone}
            error={isZone(zone) ? undefined : t("time.zone.unknown")}
          />
        </div>
        <Mapping rows={mapping} onChange={setMapping} />
        <div>
          <Button variant="default" disabled={!file || !isZone(zone)} loading={look.isPending} onClick={() => preview(file)}>
            {t("import.look")}
          </Button>
        </div>
      </Section>
      {look.isPending && <Loading label={t("import.looking")} />}
      <FormRefusal error={bring.error ?? look.error} />
      {told && !look.isPending && <Told key={bring.data ? "made" : "looked"} told={told} busy={bring.isPending} onSend={send} />}
    </Page>
  );
}

function Choose({ file, onChoose }: { file: File | null; onChoose: (file: File | null) => void }) {
  const { t, bytes } = useTexts();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files.item(0);
    if (dropped) onChoose(dropped);
  };
  return (
    <div
      className={css.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileUpload size={28} stroke={1.5} aria-hidden />
      {file ? (
        <span className="strong breaks">
          {file.name} <span className="dim">{bytes(file.size)}</span>
        </span>
      ) : (
        <span className="dim">{t("import.drop")}</span>
      )}
      {/* The same file may be chosen again, after it was changed. */}
      <FileButton onChange={onChoose} accept=".csv,.tsv,.txt,.json,text/csv,application/json" key={file?.lastModified ?? "none"}>
        {(props) => (
          <Button {...props} variant={file ? "default" : "filled"}>
            {file ? t("import.choose.other") : t("import.choose")}
          </Button>
        )}
      </FileButton>
    </div>
  );
}

function Mapping({ rows, onChange }: { rows: Mapped[]; onChange: (rows: Mapped[]) => void }) {
  const { t } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const set = (at: number, change: Partial<Mapped>) => onChange(rows.map((row, index) => (index === at ? { ...row, ...change } : row)));
  return (
    <div className="stack" style={{ "--gap": "0.625rem" } as React.CSSProperties}>
      {rows.map((row, at) => (
        <div key={at} className={css.mapping}>
          <TextInput label={t("import.map.name")} value={row.name} onChange={(event) => set(at, { name: event.currentTarget.value })} />
          <NativeSelect
            label={t("import.map.account")}
            value={row.accountId ?? ""}
            onChange={(event) => set(at, { accountId: event.currentTarget.value === "" ? null : Number(event.currentTarget.value) })}
            data={[
              { value: "", label: t("import.map.choose") },
              ...accounts.map((one) => ({ value: String(one.account_id), label: `${one.account_name} · ${look(one.platform).name}` })),
            ]}
          />
          <Button variant="subtle" aria-label={t("import.map.remove", { name: row.name || String(at + 1) })} onClick={() => onChange(rows.filter((_, index) => index !== at))}>
            <IconX size={16} aria-hidden />
          </Button>
        </div>
      ))}
      <div>
        <Button size="xs" variant="subtle" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => onChange([...rows, { name: "", accountId: null }])}>
          {t("import.map.add")}
        </Button>
      </div>
    </div>
  );
}

function Told({ told, busy, onSend }: { told: ImportedPosts; busy: boolean; onSend: () => void }) {
  const { t, tn, number } = useTexts();
  const counts = (["created", "already_there", "skipped", "waiting", "refused"] as const).filter((name) => told[name] > 0 || name === "created");
  const isLeft = told.dry_run ? told.created + told.waiting > 0 : told.waiting > 0;
  return (
    <Section title={told.dry_run ? t("import.looked") : t("import.done")} lead={t("import.taken", { format: t(`import.format.${told.format}`), count: number(told.total) })}>
      <dl className={css.counts} aria-live="polite">
        {counts.map((name) => (
          <div key={name}>
            <dd className="number" data-tone={name === "refused" ? "bad" : undefined}>
              {number(told[name])}
            </dd>
            <dt>{name === "created" && told.dry_run ? t("import.count.would_be_created") : t(`import.count.${name}`)}</dt>
          </div>
        ))}
      </dl>
      <div className={css.foot}>
        {isLeft && (
          <Button loading={busy} onClick={onSend}>
            {told.dry_run ? tn("import.do", told.created + told.waiting) : t("import.again")}
          </Button>
        )}
        {!told.dry_run && told.waiting > 0 && <Again seconds={pauseOf(told.retry_after)} busy={busy} onSend={onSend} />}
        {told.dry_run && told.refused > 0 && <span className="dim small">{t("import.refused.hint")}</span>}
      </div>
      <Rows results={told.results} />
    </Section>
  );
}

/** Sends the file again by itself for what waits, as long as the page is open. */
function Again({ seconds, busy, onSend }: { seconds: number | null; busy: boolean; onSend: () => void }) {
  const { t } = useTexts();
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    if (left === null || busy) return undefined;
    const timer = setTimeout(() => {
      if (left > 1) setLeft(left - 1);
      else {
        setLeft(seconds);
        onSend();
      }
    }, 1_000);
    return () => clearTimeout(timer);
  }, [left, busy, seconds, onSend]);
  return left === null ? null : <span className="dim small number">{t("import.again.in", { seconds: left })}</span>;
}
