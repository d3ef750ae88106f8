// From page to page of a list.

import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";

import { useTexts } from "@/i18n";

interface PagerProps {
  offset: number;
  limit: number;
  total: number;
  onMove: (offset: number) => void;
}

export function Pager({ offset, limit, total, onMove }: PagerProps) {
  const { t, number } = useTexts();
  if (total <= limit && offset === 0) return null;
  const last = Math.min(offset + limit, total);
  return (
    <nav className="row between" aria-label={t("app.pages")}>
      <span className="dim small number" aria-live="polite">
        {t("page.range", { from: number(Math.min(offset + 1, total)), to: number(last), total: number(total) })}
      </span>
      <span className="row">
        <ActionIcon variant="default" size="lg" aria-label={t("do.previous")} disabled={offset === 0} onClick={() => onMove(Math.max(0, offset - limit))}>
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label={t("do.next")} disabled={last >= total} onClick={() => onMove(offset + limit)}>
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
      </span>
    </nav>
  );
}
