// What a page shows while it loads, when there is nothing, and when something went wrong.

import { Button, Loader } from "@mantine/core";
import { IconCloudOff, IconMoodEmpty, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { Problem, Unreachable } from "@/api/problem";
import { useTexts, type Texts } from "@/i18n";

import css from "./states.module.css";

export function Loading({ label }: { label?: string }) {
  const { t } = useTexts();
  return (
    <div className={css.state} role="status">
      <Loader size="sm" type="dots" aria-hidden />
      <span className="dim small">{label ?? t("state.loading")}</span>
    </div>
  );
}

/** Grey bars in the shape of a list, so that the page does not jump. */
export function LoadingList({ rows = 4 }: { rows?: number }) {
  const { t } = useTexts();
  return (
    <div className="stack" role="status" aria-label={t("state.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={css.bar} />
      ))}
    </div>
  );
}

interface EmptyProps {
  icon?: Icon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** 1 where it stands for a whole page. */
  level?: 1 | 2;
}

export function Empty({ icon: Glyph = IconMoodEmpty, title, children, action, level = 2 }: EmptyProps) {
  const Title = level === 1 ? "h1" : "h2";
  return (
    <div className={css.state}>
      <span className={css.glyph}>
        <Glyph size={26} stroke={1.5} aria-hidden />
      </span>
      <Title className="title">{title}</Title>
      {children && <p className={css.text}>{children}</p>}
      {action}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTexts();
  const away = error instanceof Unreachable;
  return (
    <div className={css.state} role="alert">
      <span className={css.glyph} data-tone="bad">
        <IconCloudOff size={26} stroke={1.5} aria-hidden />
      </span>
      <h2 className="title">{away ? t("state.unreachable") : t("state.failed")}</h2>
      <p className={css.text}>{away ? t("state.unreachable.do") : describe(error, t)}</p>
      {retry && (
        <Button variant="default" onClick={retry}>
          {t("do.again")}
        </Button>
      )}
    </div>
  );
}

/** What a person should read about an error. */
export function describe(error: unknown, t: Texts["t"]): string {
  if (error instanceof Unreachable) return `${t("state.unreachable")} ${t("state.unreachable.do")}`;
  if (error instanceof Problem) {
    const listed = error.details.validation_errors;
    const first = Array.isArray(listed) ? (listed as { message?: string }[]).map((one) => one.message).filter(Boolean) : [];
    const said = first.length > 0 ? first.join(" ") : error.message;
    return error.status >= 500 && error.requestId ? `${said} (${t("state.request", { id: error.requestId })})` : said;
  }
  return error instanceof Error ? error.message : String(error);
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Shows a query's data, or what there is to show until then. */
export function Await<T>({ query, children, loading }: { query: Asked<T>; children: (data: T) => ReactNode; loading?: ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending && !query.error) return loading ?? <LoadingList />;
  return <Failed error={query.error} retry={() => void query.refetch()} />;
}
