// One's own name and address, ways in and sessions.

import { Button } from "@mantine/core";

import { useSessionChange, useSessionList, useSignOut, type OpenSession } from "@/api/session";
import { useTexts } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Section } from "@/ui/page";
import { Await, describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import { OwnEmail } from "./email";
import { Identities } from "./identities";
import { OwnName } from "./name";
import { OwnPassword } from "./password";
import { Passkeys } from "./passkeys";
import css from "./settings.module.css";

export function You() {
  return (
    <div className="stack">
      <OwnName />
      <OwnEmail />
      <OwnPassword />
      <Passkeys />
      <Identities />
      <Sessions />
    </div>
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
