// The media library.

import { Button, FileButton, SegmentedControl } from "@mantine/core";
import { IconLink, IconPhoto, IconUpload } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useDeleteMedia, useMediaList, type MediaType } from "@/api/calls/media";
import { Problem } from "@/api/problem";
import type { Media } from "@/api/types";
import { useTexts } from "@/i18n";
import { ACCEPTED } from "@/pages/composer/media";
import { useUploads } from "@/pages/composer/use-uploads";
import { useCalm } from "@/ui/calm";
import { Page } from "@/ui/page";
import { Pager } from "@/ui/pager";
import { Await, Empty } from "@/ui/states";

import { FileDialog } from "./file-dialog";
import { ImportDialog } from "./import-dialog";
import css from "./library.module.css";
import { Tile } from "./tile";
import { Uploads } from "./uploads";

const LIMIT = 30;
const KINDS: MediaType[] = ["image", "video", "document"];

export function LibraryPage() {
  const { t } = useTexts();
  const search = useSearch({ from: "/signed-in/library" });
  const navigate = useNavigate();
  const kind = KINDS.find((one) => one === search.type);
  const list = useMediaList({ limit: LIMIT, offset: search.offset ?? 0, ...(kind ? { type: kind } : {}) });
  const uploads = useUploads(() => undefined);
  const [importing, setImporting] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const [inUse, setInUse] = useState<Problem | null>(null);
  const calm = useCalm();
  const remove = useDeleteMedia();
  const open = (id: string | null, why: Problem | null = null) => {
    setOpened(id);
    setInUse(why);
  };
  const erase = ({ media_id: id }: Media, force: boolean) => {
    open(null);
    void calm({
      send: () => remove.mutateAsync({ id, force }),
      done: t("media.deleted"),
      refused: (error) => {
        const needed = error instanceof Problem && error.code === "media_in_use" ? error : null;
        if (needed) open(id, needed);
        return needed !== null;
      },
    });
  };
  const [over, setOver] = useState(false);

  return (
    <div
      className={css.page}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        uploads.add(event.dataTransfer.files);
      }}
    >
      <Page
        title={t("media.title")}
        lead={`${t("media.lead")} ${t("media.drop")}`}
        actions={
          <>
            <Button variant="default" leftSection={<IconLink size={17} aria-hidden />} onClick={() => setImporting(true)}>
              {t("media.import")}
            </Button>
            <FileButton onChange={uploads.add} accept={ACCEPTED} multiple inputProps={{ "aria-label": t("media.upload") }}>
              {(props) => (
                <Button {...props} leftSection={<IconUpload size={17} aria-hidden />}>
                  {t("media.upload")}
                </Button>
              )}
            </FileButton>
          </>
        }
      >
        <div>
          <SegmentedControl
            aria-label={t("media.kind")}
            value={kind ?? ""}
            onChange={(value) => void navigate({ to: "/library", search: value ? { type: value } : {}, replace: true })}
            data={[{ value: "", label: t("media.all") }, ...KINDS.map((value) => ({ value, label: t(`media.${value}`) }))]}
          />
        </div>
        <Uploads underWay={uploads.underWay} onStop={uploads.drop} />
        <Await query={list}>
          {({ items, pagination }) =>
            items.length === 0 ? (
              <div className="card">
                <Empty icon={IconPhoto} title={t("media.empty")}>
                  {t("media.empty.do")}
                </Empty>
              </div>
            ) : (
              <div className="stack">
                <ul className={`plain ${css.grid ?? ""}`}>
                  {items.map((item) => (
                    <Tile key={item.media_id} item={item} onOpen={() => open(item.media_id)} />
                  ))}
                </ul>
                <Pager {...pagination} onMove={(offset) => void navigate({ to: "/library", search: { ...search, offset: offset || undefined } })} />
              </div>
            )
          }
        </Await>
        <ImportDialog opened={importing} onClose={() => setImporting(false)} />
        <FileDialog item={list.data?.items.find((item) => item.media_id === opened) ?? null} inUse={inUse} onClose={() => open(null)} onDelete={erase} />
      </Page>
    </div>
  );
}
