// Files on their way.

import { ActionIcon, Progress } from "@mantine/core";
import { IconX } from "@tabler/icons-react";

import { useTexts } from "@/i18n";
import type { UnderWay } from "@/pages/composer/use-uploads";

export function Uploads({ underWay, onStop }: { underWay: UnderWay[]; onStop: (key: number) => void }) {
  const { t } = useTexts();
  if (underWay.length === 0) return null;
  return (
    <ul className="plain stack card pad" style={{ "--gap": "0.625rem" } as React.CSSProperties}>
      {underWay.map((one) => (
        <li key={one.key} className="row">
          <span className="grow">
            <span className="small cut" style={{ display: "block" }}>
              {one.name}
            </span>
            {one.error ? (
              <span className="small bad" role="alert">
                {one.error}
              </span>
            ) : (
              <Progress value={one.share * 100} size="sm" mt={4} aria-label={t("compose.media.sending", { name: one.name })} />
            )}
          </span>
          <ActionIcon aria-label={t("compose.media.stop", { name: one.name })} onClick={() => onStop(one.key)}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
