// One file of the library: how it looks, what it is, and what can be done with it.

import { Button, Modal } from "@mantine/core";
import { IconExternalLink, IconPencilPlus, IconTrash } from "@tabler/icons-react";

import type { Problem } from "@/api/problem";
import type { Media } from "@/api/types";
import { useTexts } from "@/i18n";
import { linkable } from "@/lib/address";
import { ButtonLink } from "@/ui/links";
import { Note } from "@/ui/note";

import css from "./library.module.css";

interface Props {
  item: Media | null;
  /** The posts for which the server did not delete the file. */
  inUse: Problem | null;
  onClose: () => void;
  onDelete: (item: Media, force: boolean) => void;
}

export function FileDialog({ item, onClose, ...more }: Props) {
  const { t } = useTexts();
  return (
    <Modal opened={item !== null} onClose={onClose} title={item?.filename} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      {item && <Shown key={item.media_id} {...more} item={item} />}
    </Modal>
  );
}

function Shown({ item, inUse, onDelete }: Omit<Props, "item" | "onClose"> & { item: Media }) {
  const { t, tn, bytes, moment } = useTexts();
  const posts = Array.isArray(inUse?.details.post_ids) ? inUse.details.post_ids.length : 1;
  const facts = [
    item.content_type,
    item.size == null ? null : bytes(item.size),
    item.width && item.height ? t("media.size", { width: item.width, height: item.height }) : null,
    item.duration ? tn("media.seconds", Math.round(item.duration)) : null,
    moment(item.created_at, { style: "long" }),
  ].filter(Boolean);
  return (
    <div className="stack">
      {item.url && item.type === "image" && <img className={css.large} src={item.url} alt="" />}
      {item.url && item.type === "video" && <video className={css.large} src={item.url} controls preload="metadata" />}
      {item.error_message && <Note tone="bad">{item.error_message}</Note>}
      <p className="dim small no-margin number">{facts.join(" · ")}</p>
      {inUse && (
        <Note tone="wait">
          {inUse.message} {tn("media.delete.inUse", posts)}
        </Note>
      )}
      <div className="row wrap">
        {item.status === "ready" && (
          <ButtonLink to="/compose" search={{ media: item.media_id }} leftSection={<IconPencilPlus size={17} aria-hidden />}>
            {t("media.use")}
          </ButtonLink>
        )}
        {item.url && (
          <Button component="a" href={linkable(item.url)} target="_blank" rel="noreferrer" variant="default" leftSection={<IconExternalLink size={17} aria-hidden />}>
            {t("media.download")}
          </Button>
        )}
        <Button variant="default" leftSection={<IconTrash size={17} aria-hidden />} onClick={() => onDelete(item, inUse !== null)}>
          {t(inUse ? "media.delete.force" : "do.delete")}
        </Button>
      </div>
    </div>
  );
}
