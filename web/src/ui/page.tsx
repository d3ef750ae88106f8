// The frame of a page: its title, what can be done on it, and its width.

import { useEffect, type ReactNode } from "react";

import css from "./page.module.css";

interface PageProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** How much of the window the page wants. */
  width?: "narrow" | "usual" | "full";
  children: ReactNode;
}

export function Page({ title, lead, actions, width = "usual", children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Fanfare`;
  }, [title]);
  return (
    <div className={css.page} data-width={width}>
      <header className={css.head}>
        <div className="grow">
          <h1 className={css.title}>{title}</h1>
          {lead && <p className={css.lead}>{lead}</p>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Section({ title, lead, actions, children }: { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={`card ${css.section ?? ""}`}>
      <div className={css.sectionHead}>
        <div className="grow">
          <h2 className="title">{title}</h2>
          {lead && <p className={css.sectionLead}>{lead}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
