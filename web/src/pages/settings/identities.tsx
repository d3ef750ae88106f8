// The logins of another system that sign one in.

import { Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { useDepartToLink, useSession, useSessionChange, useSessionList, type Identity } from "@/api/session";
import { useTexts, type Key } from "@/i18n";
import { Confirm } from "@/ui/confirm";
import { Note } from "@/ui/note";
import { Section } from "@/ui/page";
import { Await, describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";

import css from "./settings.module.css";

const PROBLEMS: Record<string, Key> = {
  denied: "identities.problem.denied",
  unavailable: "identities.problem.unavailable",
  refused: "sign.problem.refused",
  elsewhere: "identities.problem.elsewhere",
  another: "identities.problem.another",
};

export function Identities() {
  const { t } = useTexts();
  const { data } = useSession();
  const identities = useSessionList<Identity>("identities");
  const provider = data?.ways_in.provider;
  if (!provider && !identities.data?.length) return null;
  return (
    <Section title={t("identities.title")}>
      <p className="dim no-margin">{t("identities.lead")}</p>
      <Outcome />
      <Await query={identities}>
        {(all) => (
          <>
            {all.length === 0 ? (
              <p className="dim no-margin">{t("identities.none")}</p>
            ) : (
              <ul className={`plain ${css.people ?? ""}`}>
                {all.map((one) => (
                  <One key={one.id} identity={one} />
                ))}
              </ul>
            )}
            {provider && !all.some(({ open }) => open) && <Link provider={provider} />}
          </>
        )}
      </Await>
    </Section>
  );
}

/** The page is long, and the section is far down. */
function intoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: "center" });
}

/** What became of the visit to the other system. */
function Outcome() {
  const { t } = useTexts();
  const tell = useTell();
  const navigate = useNavigate();
  const { link } = useSearch({ from: "/signed-in/settings" });
  const isDone = link === "done";
  useEffect(() => {
    if (!isDone) return;
    tell(t("identities.done"));
    void navigate({ to: "/settings", search: { tab: "you" }, replace: true });
  }, [isDone, navigate, t, tell]);
  if (!link || isDone) return null;
  return (
    <div ref={intoView}>
      <Note tone="bad" title={t("identities.problem")} urgent>
        {t(PROBLEMS[link] ?? "sign.problem.failed")}
      </Note>
    </div>
  );
}

function One({ identity }: { identity: Identity }) {
  const { t, ago } = useTexts();
  const tell = useTell();
  const unlink = useSessionChange<string>("DELETE", "identities", (id) => `/identities/${id}`);
  const [asked, setAsked] = useState(false);
  const name = identity.provider;
  const who = [...new Set([identity.name, identity.email])].filter(Boolean).join(" · ") || identity.subject;
  return (
    <li className={css.person}>
      <span className="grow">
        <span className="row wrap">
          <span className="strong">{name}</span>
          {identity.host !== name && <span className="dim small">{identity.host}</span>}
        </span>
        <span className="breaks" style={{ display: "block" }}>
          {who}
        </span>
        <span className="dim small" style={{ display: "block" }}>
          {t("identities.linked", { time: ago(identity.created_at) })} · {t("identities.used", { time: ago(identity.last_used_at) })}
          {!identity.open && ` · ${t("identities.closed")}`}
        </span>
      </span>
      <Button size="xs" variant="default" aria-label={t("identities.unlink.of", { name })} onClick={() => setAsked(true)}>
        {t("identities.unlink")}
      </Button>
      <Confirm
        opened={asked}
        onClose={() => {
          setAsked(false);
          unlink.reset();
        }}
        title={t("identities.unlink.ask", { name })}
        action={t("identities.unlink")}
        busy={unlink.isPending}
        error={unlink.error}
        onConfirm={() => unlink.mutate(identity.id, { onSuccess: () => tell(t("identities.unlinked", { name })) })}
      >
        <p className="no-margin">{t("identities.unlink.what")}</p>
      </Confirm>
    </li>
  );
}

function Link({ provider }: { provider: string }) {
  const { t } = useTexts();
  const depart = useDepartToLink();
  return (
    <div>
      {depart.error && (
        <p className="bad" role="alert">
          {describe(depart.error, t)}
        </p>
      )}
      <div className="row wrap">
        <Button variant="default" loading={depart.isPending} onClick={() => depart.mutate()}>
          {t("identities.link", { name: provider })}
        </Button>
        <span className="dim small">{t("identities.link.hint")}</span>
      </div>
    </div>
  );
}
