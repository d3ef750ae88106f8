// One's own passkeys.

import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";

import { useAddPasskey, useSession, useSessionChange, useSessionList, type Passkey } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { knowsPasskeys } from "@/lib/passkeys";
import { Confirm } from "@/ui/confirm";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";
import { Section } from "@/ui/page";
import { Await } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import css from "./settings.module.css";

export function Passkeys() {
  const { t } = useTexts();
  const { data } = useSession();
  const canAdd = Boolean(data?.ways_in.passkeys) && knowsPasskeys();
  return (
    <Section title={t("passkeys.title")}>
      <p className="dim no-margin">{t("passkeys.lead")}</p>
      <Own />
      {canAdd ? <Add /> : <p className="dim small no-margin">{t("passkeys.not.here")}</p>}
    </Section>
  );
}

function Own() {
  const { t } = useTexts();
  const passkeys = useSessionList<Passkey>("passkeys");
  return (
    <Await query={passkeys}>
      {(all) =>
        all.length === 0 ? (
          <p className="dim no-margin">{t("passkeys.none")}</p>
        ) : (
          <ul className={`plain ${css.people ?? ""}`}>
            {all.map((one) => (
              <One key={one.id} passkey={one} />
            ))}
          </ul>
        )
      }
    </Await>
  );
}

function One({ passkey }: { passkey: Passkey }) {
  const { t, ago } = useTexts();
  const tell = useTell();
  const remove = useSessionChange<string>("DELETE", "passkeys", (id) => `/passkeys/${id}`);
  const [asked, setAsked] = useState(false);
  const [naming, setNaming] = useState(false);
  const { name } = passkey;
  return (
    <li className={css.person}>
      <span className="grow">
        <span className="strong cut" style={{ display: "block" }}>
          {name}
        </span>
        <span className="dim small" style={{ display: "block" }}>
          {t("passkeys.added", { time: ago(passkey.created_at) })} ·{" "}
          {passkey.last_used_at ? t("passkeys.used", { time: ago(passkey.last_used_at) }) : t("passkeys.unused")}
        </span>
      </span>
      <Button size="xs" variant="default" aria-label={t("passkeys.rename.of", { name })} onClick={() => setNaming(true)}>
        {t("passkeys.rename")}
      </Button>
      <Modal opened={naming} onClose={() => setNaming(false)} title={t("passkeys.rename.title", { name })} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Rename passkey={passkey} onClose={() => setNaming(false)} />
      </Modal>
      <Button size="xs" variant="default" aria-label={t("passkeys.remove.of", { name })} onClick={() => setAsked(true)}>
        {t("passkeys.remove")}
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("passkeys.remove.ask", { name })}
        action={t("passkeys.remove")}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(passkey.id, { onSuccess: () => tell(t("passkeys.removed", { name })) })}
      >
        <p className="no-margin">{t("passkeys.remove.what")}</p>
      </Confirm>
    </li>
  );
}

function Rename({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const rename = useSessionChange<{ name: string }>("PATCH", "passkeys", () => `/passkeys/${passkey.id}`);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const name = typed(new FormData(event.currentTarget), "name").trim();
        rename.mutate(
          { name },
          {
            onSuccess: () => {
              tell(t("passkeys.renamed", { name }));
              onClose();
            },
          },
        );
      }}
    >
      <TextInput
        name="name"
        label={t("passkeys.rename.name")}
        defaultValue={passkey.name}
        autoComplete="off"
        maxLength={100}
        required
        withAsterisk={false}
        data-autofocus
        error={refusalOf(rename.error, "name")}
      />
      <FormRefusal error={rename.error} fields={["name"]} />
      <div>
        <Button type="submit" loading={rename.isPending}>
          {t("do.save")}
        </Button>
      </div>
    </form>
  );
}

function Add() {
  const { t } = useTexts();
  const tell = useTell();
  const add = useAddPasskey();
  return (
    <form
      className={css.password}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const name = typed(new FormData(form), "passkey_name");
        add.mutate(name, {
          onSuccess: (added) => {
            if (!added) return;
            form.reset();
            tell(t("passkeys.done", { name }));
          },
        });
      }}
    >
      <TextInput name="passkey_name" label={t("passkeys.name")} description={t("passkeys.name.hint")} autoComplete="off" maxLength={100} required withAsterisk={false} />
      <FormRefusal error={add.error} />
      <div>
        <Button type="submit" loading={add.isPending}>
          {t("passkeys.add")}
        </Button>
      </div>
    </form>
  );
}
