// Short notes at the edge of the window, some with a way to undo. They are read out by screen readers.

import { CloseButton, UnstyledButton } from "@mantine/core";
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";

import { useTexts } from "@/i18n";

import css from "./toasts.module.css";

interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
  undo?: (() => void) | undefined;
}

export type Tell = (text: string, options?: { tone?: Toast["tone"]; undo?: () => void }) => void;

const SHOWN_MS = 6_000;
const SHOWN_WITH_UNDO_MS = 12_000;
const Context = createContext<Tell>(() => undefined);

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTexts();
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(0);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const tell = useCallback<Tell>(
    (text, { tone = "good", undo } = {}) => {
      next.current += 1;
      const id = next.current;
      setToasts((all) => [...all.slice(-2), { id, text, tone, undo }]);
      setTimeout(() => drop(id), undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS);
    },
    [drop],
  );
  const shown = useMemo(
    () => (
      <div className={css.place} role="status" aria-live="polite">
        {toasts.map(({ id, text, tone, undo }) => (
          <div key={id} className={css.toast} data-tone={tone}>
            <span className="grow breaks">{text}</span>
            {undo && (
              <UnstyledButton
                className={css.undo}
                onClick={() => {
                  undo();
                  drop(id);
                }}
              >
                {t("do.undo")}
              </UnstyledButton>
            )}
            <CloseButton size="sm" className={css.close} aria-label={t("do.dismiss")} onClick={() => drop(id)} />
          </div>
        ))}
      </div>
    ),
    [toasts, drop, t],
  );
  return (
    <Context value={tell}>
      {children}
      {shown}
    </Context>
  );
}

export const useTell = () => use(Context);
