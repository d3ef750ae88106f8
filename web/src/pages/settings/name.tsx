// One's own name.

import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";

import { sessionKey, useSession, useSessionChange } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";
import { Section } from "@/ui/page";
import { useTell } from "@/ui/toasts";

import css from "./settings.module.css";

export function OwnName() {
  const { t } = useTexts();
  const tell = useTell();
  const client = useQueryClient();
  const { data: state } = useSession();
  const change = useSessionChange<{ name: string }>("PATCH", "members", () => "/user");
  return (
    <Section title={t("you.name")}>
      <form
        className={css.password}
        onSubmit={(event) => {
          event.preventDefault();
          const name = typed(new FormData(event.currentTarget), "name").trim();
          change.mutate(
            { name },
            {
              onSuccess: () => {
                void client.invalidateQueries({ queryKey: sessionKey, exact: true });
                tell(t("you.name.saved"));
              },
            },
          );
        }}
      >
        <TextInput
          key={state?.user?.name}
          name="name"
          label={t("you.name")}
          defaultValue={state?.user?.name ?? ""}
          autoComplete="name"
          required
          withAsterisk={false}
          error={refusalOf(change.error, "name")}
        />
        <FormRefusal error={change.error} fields={["name"]} />
        <div>
          <Button type="submit" loading={change.isPending}>
            {t("you.name.do")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
