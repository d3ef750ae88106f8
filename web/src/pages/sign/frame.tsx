// The quiet page of those who are not signed in.

import { NativeSelect } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

import { LANGUAGES, useTexts, type Language } from "@/i18n";
import { Logo } from "@/shell/logo";

import css from "./sign.module.css";

export function SignFrame({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t, language, setLanguage } = useTexts();
  useEffect(() => {
    document.title = `${title} · Fanfare`;
  }, [title]);
  return (
    <main id="content" className={css.page}>
      <div className={css.box}>
        <Logo size={38} />
        <div>
          <h1 className={css.title}>{title}</h1>
          {lead && <p className="dim no-margin">{lead}</p>}
        </div>
        {children}
      </div>
      <NativeSelect
        aria-label={t("app.language")}
        className={css.language ?? ""}
        variant="unstyled"
        size="sm"
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value as Language)}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      />
    </main>
  );
}
