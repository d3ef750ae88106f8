// Pages that are not there, and pages that broke.

import { Button } from "@mantine/core";
import { IconCompass, IconTool } from "@tabler/icons-react";
import { type ErrorComponentProps } from "@tanstack/react-router";

import { Unreachable } from "@/api/problem";
import { useTexts } from "@/i18n";
import { Empty, Failed } from "@/ui/states";
import { ButtonLink } from "@/ui/links";

export function Missing() {
  const { t } = useTexts();
  return (
    <main id="content">
      <Empty
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
    </main>
  );
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useTexts();
  if (error instanceof Unreachable) {
    return (
      <main id="content">
        <Failed error={error} retry={() => window.location.reload()} />
      </main>
    );
  }
  return (
    <main id="content">
      <Empty
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
    </main>
  );
}
