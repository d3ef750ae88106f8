// A sentence or two that should not be missed.

import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";

import css from "./note.module.css";

interface NoteProps {
  tone: "bad" | "wait";
  title?: string;
  children: ReactNode;
  /** Says it at once to those who listen to the page. */
  urgent?: boolean;
}

export function Note({ tone, title, children, urgent = false }: NoteProps) {
  const Glyph = tone === "bad" ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={css.note} data-tone={tone} {...(urgent ? { role: "alert" } : {})}>
      <Glyph size={17} aria-hidden />
      <div className="grow breaks">
        {title && <p className={css.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
