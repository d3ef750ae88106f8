// What surrounds all pages, signed in or not.

import { Outlet } from "@tanstack/react-router";

import { useTexts } from "@/i18n";

export function RootFrame() {
  const { t } = useTexts();
  return (
    <>
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <Outlet />
    </>
  );
}
