// One's own address.

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";

import { sessionKey, useSession, useSessionChange } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";
import { Section } from "@/ui/page";
import { useTell } from "@/ui/toasts";

import css from "./settings.module.css";

export function OwnEmail() {
  const { t } = useTexts();
  const tell = useTell();
  const client = useQueryClient();
  const { data: state } = useSession();
  const change = useSessionChange<{ email: string; password?: string }>("POST", "sessions", () => "/email");
  const user = state?.user;
  if (!user) return null;
  const errorOf = (field: string) => refusalOf(change.error, field);
  return (
    <Section title={t("you.email")} lead={t("you.email.lead", { email: user.email })}>
      <form
        className={css.password}
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const fields = new FormData(form);
          const email = typed(fields, "new_email").trim();
          change.mutate(user.has_password ? { email, password: typed(fields, "email_password") } : { email }, {
            onSuccess: () => {
              form.reset();
              void client.invalidateQueries({ queryKey: sessionKey, exact: true });
              void client.invalidateQueries({ queryKey: [...sessionKey, "members"] });
              tell(t("you.email.changed", { email }));
            },
          });
        }}
      >
        <TextInput name="new_email" type="email" label={t("you.email.new")} description={t("you.email.hint")} autoComplete="email" error={errorOf("email")} maxLength={254} required withAsterisk={false} />
        {user.has_password ? (
          <PasswordInput name="email_password" label={t("you.email.password")} autoComplete="current-password" error={errorOf("password")} required withAsterisk={false} />
        ) : (
          <p className="dim small no-margin">{t("you.email.fresh")}</p>
        )}
        <FormRefusal error={change.error} fields={["email", "password"]} />
        <div>
          <Button type="submit" loading={change.isPending}>
            {t("you.email.do")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
