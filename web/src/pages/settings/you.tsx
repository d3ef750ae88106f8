// One's own name and address, ways in and sessions.

import { Button, PasswordInput } from "@mantine/core";

import { Problem } from "@/api/problem";
import { useSession, useSessionChange, useSessionList, useSignOut, type OpenSession } from "@/api/session";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { Badge } from "@/ui/badges";
import { Section } from "@/ui/page";
import { Await, describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import { OwnEmail } from "./email";
import { Identities } from "./identities";
import { OwnName } from "./name";
import { Passkeys } from "./passkeys";
import css from "./settings.module.css";

export function You() {
  return (
    <div className="stack">
      <OwnName />
      <OwnEmail />
      <Password />
      <Passkeys />
      <Identities />
      <Sessions />
    </div>
  );
}

function Password() {
  const { t } = useTexts();
  const tell = useTell();
  const { data: state } = useSession();
  const change = useSessionChange<{ current: string; new: string }>("POST", "sessions", () => "/password");
  const errorOf = (field: string) => (change.error instanceof Problem && change.error.field === field ? change.error.message : undefined);
  const isShown = Boolean(errorOf("current") ?? errorOf("new"));
  if (state?.user?.has_password === false) {
    return (
      <Section title={t("you.password")}>
        <p className="dim no-margin">{t("you.password.none")}</p>
      </Section>
    );
  }
  return (
    <Section title={t("you.password")}>
      <form
        className={css.password}
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const fields = new FormData(form);
          change.mutate(
            { current: typed(fields, "current"), new: typed(fields, "new") },
            {
              onSuccess: () => {
                form.reset();
                tell(t("you.password.changed"));
              },
            },
          );
        }}
      >
        <PasswordInput name="current" label={t("you.password.current")} autoComplete="current-password" error={errorOf("current")} required withAsterisk={false} />
        <PasswordInput name="new" label={t("you.password.new")} description={t("setup.password.hint")} autoComplete="new-password" error={errorOf("new")} required withAsterisk={false} minLength={10} />
        {change.error && !isShown && (
          <p className="bad no-margin" role="alert">
            {describe(change.error, t)}
          </p>
        )}
        <div>
          <Button type="submit" loading={change.isPending}>
            {t("you.password.do")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Sessions() {
  const { t, ago } = useTexts();
  const tell = useTell();
  const sessions = useSessionList<OpenSession>("sessions");
  const end = useSessionChange<string>("DELETE", "sessions", (id) => `/sessions/${id}`);
  const everywhere = useSignOut(true);
  return (
    <Section
      title={t("you.sessions")}
      actions={
        <Button size="xs" variant="default" loading={everywhere.isPending} onClick={() => everywhere.mutate()}>
          {t("you.everywhere")}
        </Button>
      }
    >
      <Await query={sessions}>
        {(all) => (
          <ul className={`plain ${css.people ?? ""}`}>
            {all.map((one) => (
              <li key={one.id} className={css.person}>
                <span className="grow">
                  <span className="row wrap">
                    <span className="strong">{one.user_agent ?? one.address ?? one.id}</span>
                    {one.current && <Badge tone="good">{t("you.sessions.current")}</Badge>}
                  </span>
                  <span className="dim small">
                    {one.address} · {t("you.sessions.seen", { time: ago(one.last_seen_at ?? one.created_at) })}
                  </span>
                </span>
                {!one.current && (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() =>
                      end.mutate(one.id, { onSuccess: () => tell(t("you.sessions.ended")), onError: (error) => tell(describe(error, t), { tone: "bad" }) })
                    }
                  >
                    {t("you.sessions.end")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Await>
    </Section>
  );
}
