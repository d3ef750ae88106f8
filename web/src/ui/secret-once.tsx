// A secret that was just made: to be copied now, and never shown again.

import { Button } from "@mantine/core";

import { useTexts } from "@/i18n";

import { Copyable } from "./copy";
import { Note } from "./note";

interface SecretOnceProps {
  /** Why it has to be copied now. */
  note: string;
  label: string;
  value: string;
  onClose: () => void;
}

export function SecretOnce({ note, label, value, onClose }: SecretOnceProps) {
  const { t } = useTexts();
  return (
    <div className="stack">
      <Note tone="wait">{note}</Note>
      <Copyable value={value} label={label} />
      <div>
        <Button onClick={onClose}>{t("do.close")}</Button>
      </div>
    </div>
  );
}
