// Who is signed in, where, and how the pages look.

import { Menu, NativeSelect, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconBuilding, IconCheck, IconKeyboard, IconLogout, IconSelector } from "@tabler/icons-react";

import { useSession, useSignOut, useSwitchOrganization } from "@/api/session";
import { LANGUAGES, useTexts, type Language } from "@/i18n";
import { initials } from "@/ui/badges";

import css from "./shell.module.css";

/** To switch transitions off, Mantine would write a style element, which the policy forbids. */
const SCHEME_OPTIONS = { keepTransitions: true };
const SCHEMES: MantineColorScheme[] = ["auto", "light", "dark"];

export function AccountMenu({ showKeys }: { showKeys: () => void }) {
  const { t, language, setLanguage } = useTexts();
  const { data: session } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme(SCHEME_OPTIONS);
  const signOut = useSignOut();
  const change = useSwitchOrganization();
  const organizations = session?.organizations ?? [];
  return (
    <Menu position="top-start" width={250}>
      <Menu.Target>
        <UnstyledButton className={css.who} aria-label={t("app.account")}>
          <span className={css.face} aria-hidden>
            {initials(session?.user?.name ?? "?")}
          </span>
          <span className="grow">
            <span className="cut strong" style={{ display: "block" }}>
              {session?.organization?.name}
            </span>
            <span className="cut dim small" style={{ display: "block" }}>
              {session?.user?.name}
            </span>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {organizations.length > 1 && (
          <>
            <Menu.Label>{t("app.switch")}</Menu.Label>
            {organizations.map(({ id, name }) => (
              <Menu.Item
                key={id}
                leftSection={<IconBuilding size={16} aria-hidden />}
                rightSection={id === session?.organization?.id ? <IconCheck size={16} aria-hidden /> : null}
                onClick={() => change.mutate({ organization_id: id })}
              >
                {name}
              </Menu.Item>
            ))}
            <Menu.Divider />
          </>
        )}
        <Menu.Label>{t("app.theme")}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={scheme === colorScheme ? <IconCheck size={16} aria-hidden /> : null}
            aria-current={scheme === colorScheme}
          >
            {t(`app.theme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("app.language")}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((code) => (
          <Menu.Item
            key={code}
            lang={code}
            onClick={() => setLanguage(code)}
            rightSection={code === language ? <IconCheck size={16} aria-hidden /> : null}
            aria-current={code === language}
          >
            {LANGUAGES[code]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={showKeys}>
          {t("app.keys")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          {t("app.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The same for phones, where there is no room for a menu in a menu. */
export function Preferences() {
  const { t, language, setLanguage } = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme(SCHEME_OPTIONS);
  const signOut = useSignOut();
  return (
    <div className={css.preferences}>
      <NativeSelect
        label={t("app.theme")}
        value={colorScheme}
        onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}
        data={SCHEMES.map((value) => ({ value, label: t(`app.theme.${value}`) }))}
      />
      <NativeSelect
        label={t("app.language")}
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value as Language)}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      />
      <UnstyledButton className={css.link} onClick={() => signOut.mutate()}>
        <IconLogout size={19} stroke={1.6} aria-hidden />
        {t("app.signOut")}
      </UnstyledButton>
    </div>
  );
}
