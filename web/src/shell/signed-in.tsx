// The frame of everybody who is signed in: navigation, workspace, live updates, shortcuts.

import { Drawer, UnstyledButton } from "@mantine/core";
import { IconDots, IconPencilPlus } from "@tabler/icons-react";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { useLiveUpdates } from "@/api/live";
import { useMay, useSession } from "@/api/session";
import { useAccounts } from "@/api/calls/accounts";
import { useTexts } from "@/i18n";
import { ButtonLink } from "@/ui/links";

import { AccountMenu, Preferences } from "./account-menu";
import { Logo } from "./logo";
import { FIRST_PLACES, PLACES, type Place } from "./pages";
import css from "./shell.module.css";
import { useShortcuts, ShortcutList } from "./shortcuts";

export function SignedIn() {
  const { data: session } = useSession();
  const navigate = useNavigate();
  const signedOut = session !== undefined && !session.signed_in;
  useEffect(() => {
    if (signedOut) void navigate({ to: "/sign-in", search: { then: window.location.pathname + window.location.search } });
  }, [signedOut, navigate]);
  return session?.signed_in ? <Frame /> : null;
}

function Frame() {
  const { t } = useTexts();
  const { data: session } = useSession();
  const { write } = useMay();
  const [more, setMore] = useState(false);
  const [keys, setKeys] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useLiveUpdates();
  useShortcuts(() => setKeys(true));
  useEffect(() => setMore(false), [path]);

  return (
    <div className={css.frame}>
      <aside className={css.side}>
        <div className={css.brand}>
          <Link to="/posts" className={css.home}>
            <Logo />
          </Link>
          {session?.sandbox && (
            <span className={css.sandbox} title={t("app.sandbox.hint")}>
              {t("app.sandbox")}
            </span>
          )}
        </div>
        {write && (
          <ButtonLink to="/compose" leftSection={<IconPencilPlus size={18} aria-hidden />} fullWidth>
          {t("nav.compose")}
        </ButtonLink>
        )}
        <nav className={css.nav} aria-label={t("app.menu")}>
          {PLACES.map((place) => (
            <SideLink key={place.to} place={place} />
          ))}
        </nav>
        <AccountMenu showKeys={() => setKeys(true)} />
      </aside>

      <main id="content" className={css.main} tabIndex={-1}>
        <Outlet />
      </main>

      <nav className={css.bar} aria-label={t("app.menu")}>
        {PLACES.slice(0, 2).map((place) => (
          <BarLink key={place.to} place={place} />
        ))}
        {write ? (
          <Link to="/compose" className={css.barNew} aria-label={t("nav.compose")}>
            <IconPencilPlus size={22} aria-hidden />
          </Link>
        ) : (
          <span />
        )}
        {PLACES.slice(2, FIRST_PLACES).map((place) => (
          <BarLink key={place.to} place={place} />
        ))}
        <UnstyledButton className={css.barLink} onClick={() => setMore(true)} aria-haspopup="dialog" aria-expanded={more}>
          <IconDots size={22} stroke={1.6} aria-hidden />
          {t("app.more")}
        </UnstyledButton>
      </nav>

      <Drawer
        opened={more}
        onClose={() => setMore(false)}
        position="bottom"
        size="auto"
        title={session?.organization?.name ?? t("app.more")}
        closeButtonProps={{ "aria-label": t("do.close") }}
        radius="lg"
      >
        <div className={css.more}>
          {PLACES.slice(FIRST_PLACES).map((place) => (
            <SideLink key={place.to} place={place} />
          ))}
          <Preferences />
        </div>
      </Drawer>
      <ShortcutList opened={keys} onClose={() => setKeys(false)} />
    </div>
  );
}

function SideLink({ place: { to, label, icon: Glyph } }: { place: Place }) {
  const { t } = useTexts();
  return (
    <Link to={to} className={css.link} activeProps={{ "data-active": true, "aria-current": "page" }}>
      <Glyph size={19} stroke={1.6} aria-hidden />
      <span className="grow">{t(label)}</span>
      {to === "/accounts" && <BrokenAccounts />}
    </Link>
  );
}

/** How many accounts cannot post. */
function BrokenAccounts() {
  const { t, tn } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const broken = accounts.filter((account) => !account.health.can_post).length;
  if (broken === 0) return null;
  return (
    <span className={css.count} title={t("accounts.broken")}>
      <span aria-hidden>{broken}</span>
      <span className="sr-only">{tn("accounts.cannotPost", broken)}</span>
    </span>
  );
}

function BarLink({ place: { to, label, icon: Glyph } }: { place: Place }) {
  const { t } = useTexts();
  return (
    <Link to={to} className={css.barLink} activeProps={{ "data-active": true, "aria-current": "page" }}>
      <Glyph size={22} stroke={1.6} aria-hidden />
      {t(label)}
    </Link>
  );
}
