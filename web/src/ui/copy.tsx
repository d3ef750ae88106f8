// Text to copy: a secret, an address, a command.

import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

import { useTexts } from "@/i18n";

import css from "./copy.module.css";

export function Copyable({ value, label, multiline = false }: { value: string; label: string; multiline?: boolean }) {
  const { t } = useTexts();
  return (
    <div className={css.box} data-multiline={multiline || undefined}>
      <pre className={css.text} tabIndex={0} aria-label={label}>
        <code>{value}</code>
      </pre>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            size="compact-sm"
            className={css.button}
            leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            onClick={copy}
          >
            {copied ? t("do.copied") : t("do.copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
