// A file on its way: how far it has come or why it was refused, and a button that stops it.

import { ActionIcon, Progress } from "@mantine/core";
import { IconX } from "@tabler/icons-react";

import { useTexts } from "@/i18n";

import type { UnderWay } from "./use-uploads";

export function Sending({ file, onStop }: { file: UnderWay; onStop: (key: number) => void }) {
  const { t } = useTexts();
  return (
    <>
      <div className="grow">
        <span className="small cut" style={{ display: "block" }}>
          {file.name}
        </span>
        {file.error ? (
          <span className="small bad" role="alert">
            {file.error}
          </span>
        ) : (
          <Progress value={file.share * 100} size="sm" mt={5} aria-label={t("compose.media.sending", { name: file.name })} />
        )}
      </div>
      <ActionIcon aria-label={t("compose.media.stop", { name: file.name })} onClick={() => onStop(file.key)}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </>
  );
}
