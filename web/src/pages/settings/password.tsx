// One's own password, or the first one of somebody who came without.

import { Button, PasswordInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";

import { sessionKey, useSession, useSessionChange } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";
import { Section } from "@/ui/page";
import { useTell } from "@/ui/toasts";

import css from "./settings.module.css";

export function OwnPassword() {
  const { t } = useTexts();
  const tell = useTell();
  const client = useQueryClient();
  const { data: state } = useSession();
  const change = useSessionChange<{ current?: string; new: string }>("POST", "sessions", () => "/password");
  const user = state?.user;
  if (!user) return null;
  const errorOf = (field: string) => refusalOf(change.error, field);
  const isFirst = !user.has_password;
  return (
    <Section title={t("you.password")} {...(isFirst && { lead: t("you.password.none") })}>
      <form
        className={css.password}
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const fields = new FormData(form);
          const chosen = typed(fields, "new");
          change.mutate(isFirst ? { new: chosen } : { current: typed(fields, "current"), new: chosen }, {
            onSuccess: () => {
              form.reset();
              void client.invalidateQueries({ queryKey: sessionKey, exact: true });
              tell(t(isFirst ? "you.password.set" : "you.password.changed"));
            },
          });
        }}
      >
        {!isFirst && (
          <PasswordInput name="current" label={t("you.password.current")} autoComplete="current-password" error={errorOf("current")} required withAsterisk={false} />
        )}
        <PasswordInput name="new" label={t("you.password.new")} description={t("setup.password.hint")} autoComplete="new-password" error={errorOf("new")} required withAsterisk={false} minLength={10} />
        <FormRefusal error={change.error} fields={["current", "new"]} />
        <div>
          <Button type="submit" loading={change.isPending}>
            {t(isFirst ? "you.password.first" : "you.password.do")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
