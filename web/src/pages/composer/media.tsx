// The files of a post: dropped, pasted, chosen, or taken from the library; in order, each with a description.

import { ActionIcon, Button, FileButton, TextInput } from "@mantine/core";
import { IconArrowLeft, IconArrowRight, IconCrop, IconFileText, IconLibraryPhoto, IconLink, IconSparkles, IconUpload, IconX } from "@tabler/icons-react";
import { useState } from "react";

import { useTexts } from "@/i18n";

import css from "./composer.module.css";
import { CropDialog } from "./crop-dialog";
import type { Attached } from "./draft";
import { FromAddress, WithAi } from "./fetched";
import { LibraryPicker } from "./library-picker";
import { Sending } from "./sending";
import type { UnderWay } from "./use-uploads";

export const ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,image/heic,image/heif,video/mp4,application/pdf";

interface Props {
  media: Attached[];
  underWay: UnderWay[];
  wantsAlt: boolean;
  onChange: (media: Attached[]) => void;
  onFiles: (files: Iterable<File>) => void;
  onStop: (key: number) => void;
  /** A file that takes the place of another one. */
  onReplace: (file: File, id: string) => void;
}

export function MediaEditor({ media, underWay, wantsAlt, onChange, onFiles, onStop, onReplace }: Props) {
  const { t } = useTexts();
  const [over, setOver] = useState(false);
  const [picking, setPicking] = useState<"library" | "address" | "ai" | null>(null);
  const [cropped, setCropped] = useState<Attached | null>(null);
  const close = () => setPicking(null);
  const attach = (item: Attached) => onChange([...media, item]);
  const move = (from: number, to: number) => {
    const item = media[from];
    if (!item || to < 0 || to >= media.length) return;
    const rest = media.filter((_, at) => at !== from);
    onChange([...rest.slice(0, to), item, ...rest.slice(to)]);
  };
  return (
    <section className="stack" style={{ "--gap": "0.75rem" } as React.CSSProperties} aria-label={t("compose.media")}>
      <div
        className={css.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          onFiles(event.dataTransfer.files);
        }}
      >
        <span className="dim small grow">{t("compose.media.hint")}</span>
        <FileButton onChange={onFiles} accept={ACCEPTED} multiple inputProps={{ "aria-label": t("compose.media.choose") }}>
          {(props) => (
            <Button {...props} size="compact-sm" variant="default" leftSection={<IconUpload size={15} aria-hidden />}>
              {t("compose.media.choose")}
            </Button>
          )}
        </FileButton>
        <Button size="compact-sm" variant="default" leftSection={<IconLibraryPhoto size={15} aria-hidden />} onClick={() => setPicking("library")}>
          {t("compose.media.library")}
        </Button>
        <Button size="compact-sm" variant="default" leftSection={<IconLink size={15} aria-hidden />} onClick={() => setPicking("address")}>
          {t("media.import")}
        </Button>
        <Button size="compact-sm" variant="default" leftSection={<IconSparkles size={15} aria-hidden />} onClick={() => setPicking("ai")}>
          {t("ai.image.open")}
        </Button>
      </div>

      {(media.length > 0 || underWay.length > 0) && (
        <ol className={`plain ${css.files ?? ""}`}>
          {media.map((item, index) => (
            <li key={item.id} className={css.file}>
              <Thumb item={item} />
              <div className="grow stack" style={{ "--gap": "0.375rem" } as React.CSSProperties}>
                {wantsAlt && item.type !== "document" ? (
                  <TextInput
                    size="sm"
                    aria-label={t("compose.alt", { number: index + 1 })}
                    placeholder={t("compose.alt.hint")}
                    value={item.alt}
                    onChange={(event) => onChange(media.map((one) => (one.id === item.id ? { ...one, alt: event.currentTarget.value } : one)))}
                  />
                ) : (
                  <span className="small cut">{item.name || item.type}</span>
                )}
              </div>
              <span className={css.fileTools}>
                {item.type === "image" && item.url && (
                  <ActionIcon aria-label={t("crop.open", { number: index + 1 })} onClick={() => setCropped(item)}>
                    <IconCrop size={16} aria-hidden />
                  </ActionIcon>
                )}
                {media.length > 1 && (
                  <>
                    <ActionIcon aria-label={t("compose.media.earlier", { number: index + 1 })} disabled={index === 0} onClick={() => move(index, index - 1)}>
                      <IconArrowLeft size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon aria-label={t("compose.media.later", { number: index + 1 })} disabled={index === media.length - 1} onClick={() => move(index, index + 1)}>
                      <IconArrowRight size={16} aria-hidden />
                    </ActionIcon>
                  </>
                )}
                <ActionIcon aria-label={t("compose.media.remove", { number: index + 1 })} onClick={() => onChange(media.filter((one) => one.id !== item.id))}>
                  <IconX size={16} aria-hidden />
                </ActionIcon>
              </span>
            </li>
          ))}
          {underWay.map((one) => (
            <li key={one.key} className={css.file}>
              <span className={css.thumb} />
              <Sending file={one} onStop={onStop} />
            </li>
          ))}
        </ol>
      )}
      <LibraryPicker
        opened={picking === "library"}
        onClose={close}
        chosen={media.map((item) => item.id)}
        onPick={(item) => onChange(media.some((one) => one.id === item.id) ? media.filter((one) => one.id !== item.id) : [...media, item])}
      />
      <FromAddress opened={picking === "address"} onClose={close} onReady={attach} />
      <WithAi opened={picking === "ai"} onClose={close} onReady={attach} />
      <CropDialog item={cropped} onClose={() => setCropped(null)} onCropped={(file) => cropped && onReplace(file, cropped.id)} />
    </section>
  );
}

export function Thumb({ item }: { item: Pick<Attached, "type" | "url"> }) {
  return (
    <span className={css.thumb}>
      {item.url && item.type === "image" ? (
        <img src={item.url} alt="" />
      ) : item.url && item.type === "video" ? (
        <video src={item.url} muted preload="metadata" />
      ) : (
        <IconFileText size={22} stroke={1.3} aria-hidden />
      )}
    </span>
  );
}
