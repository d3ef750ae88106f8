// What the platforms want that know no sign-in page.

import { Button, PasswordInput, TextInput } from "@mantine/core";

import { useConnectCredential, type CredentialRequest } from "@/api/calls/accounts";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";
import { useTell } from "@/ui/toasts";

type Name = "handle" | "app_password" | "bot_token" | "channel" | "webhook_url" | "site_url" | "username" | "server_url" | "access_token";

const FORMS: Record<string, Name[]> = {
  bluesky: ["handle", "app_password"],
  mastodon: ["server_url", "access_token"],
  telegram: ["bot_token", "channel"],
  discord: ["webhook_url"],
  wordpress: ["site_url", "username", "app_password"],
};
const SECRET = new Set<Name>(["app_password", "bot_token", "webhook_url", "access_token"]);

export function CredentialForm({ platform, onDone }: { platform: string; onDone: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const connect = useConnectCredential();
  const names = FORMS[platform] ?? [];
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const body = { platform, ...Object.fromEntries(names.map((name) => [name, typed(form, name).trim()])) } as CredentialRequest;
        connect.mutate(body, {
          onSuccess: ({ account }) => {
            tell(t("connect.done.what", { name: account.account_name }));
            onDone();
          },
        });
      }}
    >
      {names.map((name, index) => {
        const Input = SECRET.has(name) ? PasswordInput : TextInput;
        return (
          <Input
            key={name}
            name={name}
            label={t(`credential.${name}`)}
            description={t(`credential.${name}.hint`) || undefined}
            error={refusalOf(connect.error, name)}
            required
            withAsterisk={false}
            autoComplete="off"
            data-autofocus={index === 0 || undefined}
          />
        );
      })}
      <FormRefusal error={connect.error} fields={names} />
      <div className="row wrap">
        <Button type="submit" loading={connect.isPending}>
          {t("connect.do")}
        </Button>
        <span className="small dim">{t("connect.checked")}</span>
      </div>
    </form>
  );
}
