// Keys that work on every page. Single letters do nothing while somebody types.

import { Kbd, Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import { useTexts, type Key } from "@/i18n";

const GO: Record<string, "/posts" | "/calendar" | "/accounts"> = { p: "/posts", c: "/calendar", a: "/accounts" };
/** How long `g` waits for its second letter. */
const SECOND_KEY_MS = 1_200;

export function useShortcuts(showList: () => void): void {
  const navigate = useNavigate();
  const pressedG = useRef(0);
  const show = useRef(showList);
  useEffect(() => {
    show.current = showList;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const target = GO[event.key];
      if (target && event.timeStamp - pressedG.current < SECOND_KEY_MS) void navigate({ to: target });
      else if (event.key === "n") void navigate({ to: "/compose" });
      else if (event.key === "/") void navigate({ to: "/posts" }).then(() => document.querySelector<HTMLElement>("[data-search]")?.focus());
      else if (event.key === "?") show.current();
      else {
        pressedG.current = event.key === "g" ? event.timeStamp : 0;
        return;
      }
      pressedG.current = 0;
      event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [navigate]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest('[role="dialog"], [role="menu"]') !== null);
}

const LIST: [string[], Key][] = [
  [["n"], "keys.compose"],
  [["/"], "keys.search"],
  [["g", "p / c / a"], "keys.go"],
  [["Ctrl", "Enter"], "keys.publish"],
  [["?"], "keys.help"],
];

export function ShortcutList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal opened={opened} onClose={onClose} title={t("keys.title")} closeButtonProps={{ "aria-label": t("do.close") }}>
      <ul className="plain stack">
        {LIST.map(([keys, label]) => (
          <li key={label} className="row between">
            <span>{t(label)}</span>
            <span className="row">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
