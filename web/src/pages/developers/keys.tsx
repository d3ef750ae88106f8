// API keys: made, shown once, revoked.

import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import { useSessionChange, useSessionList, type ApiKey, type MadeApiKey } from "@/api/session";
import { useTexts, type Key } from "@/i18n";
import { typed } from "@/lib/form";
import { Badge } from "@/ui/badges";
import { Confirm } from "@/ui/confirm";
import { FormRefusal } from "@/ui/form-refusal";
import { Section } from "@/ui/page";
import { SecretOnce } from "@/ui/secret-once";
import { Await, Empty } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import css from "./developers.module.css";

const SCOPES = ["read", "write", "ai", "approve"] as const;

export function ApiKeys() {
  const { t } = useTexts();
  const keys = useSessionList<ApiKey>("api-keys");
  const [making, setMaking] = useState(false);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  return (
    <Section
      title={t("dev.tab.keys")}
      lead={t("keys.lead")}
      actions={
        <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setMaking(true)}>
          {t("keys.new")}
        </Button>
      }
    >
      <Await query={keys}>
        {(made) => {
          const all = made.filter((key) => !key.revoked_at);
          return all.length === 0 ? (
            <Empty icon={IconKey} title={t("keys.empty")} />
          ) : (
            <ul className={`plain ${css.list ?? ""}`}>
              {all.map((key) => (
                <Row key={key.id} item={key} onRevoke={() => setAsked(key)} />
              ))}
            </ul>
          );
        }}
      </Await>
      <Modal opened={making} onClose={() => setMaking(false)} title={t("keys.new")} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Form onClose={() => setMaking(false)} />
      </Modal>
      <Revoke item={asked} onClose={() => setAsked(null)} />
    </Section>
  );
}

function Row({ item, onRevoke }: { item: ApiKey; onRevoke: () => void }) {
  const { t, ago, day } = useTexts();
  return (
    <li className={css.item}>
      <div className="grow">
        <span className="row wrap">
          <span className="strong">{item.name}</span>
          {item.scopes.map((scope) => (
            <Badge key={scope} tone="mute" dot={false}>
              {scope}
            </Badge>
          ))}
        </span>
        <span className="dim small">
          <code>{item.key_prefix}…</code> · {item.last_used_at ? t("keys.used", { time: ago(item.last_used_at) }) : t("keys.unused")}
          {item.expires_at && ` · ${t("keys.ends", { time: day(item.expires_at) })}`}
        </span>
      </div>
      <Button variant="default" size="xs" onClick={onRevoke} aria-label={`${t("keys.revoke")}: ${item.name}`}>
        {t("keys.revoke")}
      </Button>
    </li>
  );
}

function Revoke({ item, onClose }: { item: ApiKey | null; onClose: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const revoke = useSessionChange<ApiKey>("DELETE", "api-keys", ({ id }) => `/api-keys/${id}`);
  return (
    <Confirm
      opened={item !== null}
      onClose={onClose}
      title={t("keys.revoke.ask", { name: item?.name ?? "" })}
      action={t("keys.revoke")}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => {
        if (!item) return;
        revoke.mutate(item, {
          onSuccess: () => {
            tell(t("keys.revoked"));
            onClose();
          },
        });
      }}
    >
      <p className="no-margin">{t("keys.revoke.what")}</p>
    </Confirm>
  );
}

interface NewKey {
  name: string;
  scopes: string[];
  expires_at?: string;
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const [scopes, setScopes] = useState<string[]>(["read", "write"]);
  const make = useSessionChange<NewKey, MadeApiKey>("POST", "api-keys", () => "/api-keys");
  if (make.data) {
    return <SecretOnce note={t("keys.made")} label={t("keys.key")} value={make.data.key} onClose={onClose} />;
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const ends = typed(form, "expires");
        make.mutate({ name: typed(form, "name"), scopes, ...(ends ? { expires_at: new Date(`${ends}T23:59:59`).toISOString() } : {}) });
      }}
    >
      <TextInput name="name" label={t("keys.name")} required withAsterisk={false} data-autofocus />
      <Checkbox.Group label={t("keys.scopes")} value={scopes} onChange={setScopes}>
        <div className="stack" style={{ "--gap": "0.5rem", marginTop: "0.375rem" } as React.CSSProperties}>
          {SCOPES.map((scope) => (
            <Checkbox key={scope} value={scope} label={t(`keys.scope.${scope}` satisfies Key)} />
          ))}
        </div>
      </Checkbox.Group>
      <TextInput type="date" name="expires" label={t("keys.expires")} />
      <FormRefusal error={make.error} />
      <div>
        <Button type="submit" loading={make.isPending} disabled={scopes.length === 0}>
          {t("do.create")}
        </Button>
      </div>
    </form>
  );
}
