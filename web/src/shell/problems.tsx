// Pages that are not there, and pages that broke.

import { Button } from "@mantine/core";
import { IconCompass, IconTool } from "@tabler/icons-react";
import type { ErrorComponentProps } from "@tanstack/react-router";

import { Unreachable } from "@/api/problem";
import { useTexts } from "@/i18n";
import { ButtonLink } from "@/ui/links";
import { Empty, Failed } from "@/ui/states";

/** An address that is none, or what it named is gone. */
export function Missing() {
  const { t } = useTexts();
  return (
    <Empty
      level={1}
      icon={IconCompass}
      title={t("state.missing")}
      action={
        <ButtonLink to="/posts" variant="default">
          {t("state.home")}
        </ButtonLink>
      }
    >
      {t("state.missing.do")}
    </Empty>
  );
}

/** The same where no frame is around it. */
export function MissingPage() {
  return (
    <main id="content">
      <Missing />
    </main>
  );
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTexts();
  if (error instanceof Unreachable) return <Failed error={error} retry={() => window.location.reload()} />;
  return (
    <Empty
      level={1}
      icon={IconTool}
      title={t("state.broken")}
      action={
        <Button
          variant="default"
          onClick={() => {
            reset();
            window.location.reload();
          }}
        >
          {t("state.reload")}
        </Button>
      }
    >
      {t("state.broken.do")}
      <br />
      <code>{error instanceof Error ? error.message : String(error)}</code>
    </Empty>
  );
}
