// A file in the library.

import { UnstyledButton } from "@mantine/core";
import { IconFileText, IconMovie, IconPhotoOff } from "@tabler/icons-react";

import type { Media } from "@/api/types";
import { useTexts } from "@/i18n";
import { Badge } from "@/ui/badges";

import css from "./library.module.css";

export function Tile({ item, onOpen }: { item: Media; onOpen: () => void }) {
  const { t, bytes } = useTexts();
  return (
    <li>
      <UnstyledButton className={css.tile} onClick={onOpen}>
        <span className={css.picture}>
          <Picture item={item} />
          {item.status !== "ready" && (
            <span className={css.state}>
              <Badge tone={item.status === "failed" ? "bad" : "wait"}>
                {item.status === "failed" ? t("status.failed") : t(item.status === "uploading" ? "media.uploading" : "media.processing")}
              </Badge>
            </span>
          )}
        </span>
        <span className={css.name}>{item.filename}</span>
        <span className="dim small number">{item.size === null ? "" : bytes(item.size)}</span>
      </UnstyledButton>
    </li>
  );
}

function Picture({ item }: { item: Media }) {
  const shown = item.thumbnail_url ?? (item.type === "image" ? item.url : null);
  if (shown) return <img src={shown} alt="" loading="lazy" />;
  if (item.status === "failed") return <IconPhotoOff size={30} stroke={1.2} aria-hidden />;
  if (item.type === "video") return item.url ? <video src={item.url} muted preload="metadata" /> : <IconMovie size={30} stroke={1.2} aria-hidden />;
  return <IconFileText size={30} stroke={1.2} aria-hidden />;
}
