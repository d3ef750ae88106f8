// One file of the library: how it looks, what it is, and what can be done with it.

import { Button, Modal } from "@mantine/core";
import { IconExternalLink, IconPencilPlus, IconTrash } from "@tabler/icons-react";

import { useDeleteMedia } from "@/api/calls/media";
import { Problem } from "@/api/problem";
import type { Media } from "@/api/types";
import { useTexts } from "@/i18n";
import { linkable } from "@/lib/address";
import { ButtonLink } from "@/ui/links";
import { describe } from "@/ui/states";
import { useTell } from "@/ui/toasts";
import { Note } from "@/ui/note";

import css from "./library.module.css";

export function FileDialog({ item, onClose }: { item: Media | null; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal opened={item !== null} onClose={onClose} title={item?.filename} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      {item && <Shown key={item.media_id} item={item} onClose={onClose} />}
    </Modal>
  );
}

function Shown({ item, onClose }: { item: Media; onClose: () => void }) {
  const { t, tn, bytes, moment } = useTexts();
  const tell = useTell();
  const remove = useDeleteMedia();
  const inUse = remove.error instanceof Problem && remove.error.code === "media_in_use" ? remove.error : null;
  const posts = Array.isArray(inUse?.details.post_ids) ? inUse.details.post_ids.length : 1;
  const facts = [
    item.content_type,
    item.size == null ? null : bytes(item.size),
    item.width && item.height ? t("media.size", { width: item.width, height: item.height }) : null,
    item.duration ? tn("media.seconds", Math.round(item.duration)) : null,
    moment(item.created_at, { style: "long" }),
  ].filter(Boolean);
  const erase = (force: boolean) =>
    remove.mutate(
      { id: item.media_id, force },
      {
        onSuccess: () => {
          tell(t("media.deleted"));
          onClose();
        },
      },
    );
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
      {remove.error && !inUse && (
        <p className="bad no-margin" role="alert">
          {describe(remove.error, t)}
        </p>
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
        <Button variant="default" loading={remove.isPending} leftSection={<IconTrash size={17} aria-hidden />} onClick={() => erase(inUse !== null)}>
          {t(inUse ? "media.delete.force" : "do.delete")}
        </Button>
      </div>
    </div>
  );
}
