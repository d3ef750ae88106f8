// Takes a part of a picture. It is drawn in the browser and sent as a file of its own.

import { Button, Modal, SegmentedControl, Slider } from "@mantine/core";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { useTexts } from "@/i18n";
import { Loading } from "@/ui/states";

import css from "./composer.module.css";
import { areaOf, MOST_ZOOM, moved, outputOf, RATIOS, WHOLE, type Ratio } from "./crop";
import type { Attached } from "./draft";

/** Of the picture's side, with one press of an arrow. */
const STEP = 0.02;
const QUALITY = 0.92;
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

interface Props {
  item: Attached | null;
  onClose: () => void;
  onCropped: (file: File) => void;
}

export function CropDialog({ item, onClose, onCropped }: Props) {
  const { t } = useTexts();
  return (
    <Modal opened={item !== null} onClose={onClose} title={t("crop.title")} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      {item?.url && <Loaded key={item.id} item={item} url={item.url} onClose={onClose} onCropped={onCropped} />}
    </Modal>
  );
}

/** The file by its path on this server, so that a canvas may read what it drew, whatever name the server goes by. */
function ownAddress(url: string): string {
  const { pathname, search } = new URL(url, window.location.href);
  return `${pathname}${search}`;
}

function Loaded({ item, url, ...rest }: { item: Attached; url: string } & Omit<Props, "item">) {
  const { t } = useTexts();
  const [picture, setPicture] = useState<HTMLImageElement | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const image = new Image();
    image.onload = () => setPicture(image);
    image.onerror = () => setFailed(true);
    image.src = ownAddress(url);
    return () => {
      image.onload = null;
      image.onerror = null;
    };
  }, [url]);
  if (failed) {
    return (
      <p className="bad no-margin" role="alert">
        {t("crop.failed")}
      </p>
    );
  }
  return picture ? <Cropper item={item} picture={picture} {...rest} /> : <Loading />;
}

function Cropper({ item, picture, onClose, onCropped }: { item: Attached; picture: HTMLImageElement } & Omit<Props, "item">) {
  const { t, number } = useTexts();
  const size = { width: picture.naturalWidth, height: picture.naturalHeight };
  const [ratio, setRatio] = useState<Ratio>("original");
  const [view, setView] = useState(WHOLE);
  const [failed, setFailed] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const area = areaOf(size, ratio, view);
  const output = outputOf(area);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current) return;
    // Twice what is seen, for dense screens.
    const width = Math.min(1200, output.width);
    canvas.current.width = width;
    canvas.current.height = Math.max(1, Math.round((width * output.height) / output.width));
    context.drawImage(picture, area.x, area.y, area.width, area.height, 0, 0, canvas.current.width, canvas.current.height);
  });

  const push = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const scale = area.width / event.currentTarget.clientWidth;
    setView((now) => moved(size, ratio, now, { x: event.movementX * scale, y: event.movementY * scale }));
  };
  const press = (event: KeyboardEvent<HTMLCanvasElement>) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    setView((now) => moved(size, ratio, now, { x: arrow[0] * size.width * STEP, y: arrow[1] * size.height * STEP }));
  };
  const take = () => {
    const drawing = document.createElement("canvas");
    drawing.width = output.width;
    drawing.height = output.height;
    const context = drawing.getContext("2d");
    const isPng = /\.png$/i.test(item.name);
    context?.drawImage(picture, area.x, area.y, area.width, area.height, 0, 0, output.width, output.height);
    drawing.toBlob(
      (blob) => {
        if (!blob || !context) {
          setFailed(true);
          return;
        }
        const name = `${item.name.replace(/\.\w+$/, "") || "image"}-${output.width}x${output.height}.${isPng ? "png" : "jpg"}`;
        onCropped(new File([blob], name, { type: blob.type }));
        onClose();
      },
      isPng ? "image/png" : "image/jpeg",
      QUALITY,
    );
  };

  return (
    <div className="stack">
      <div style={{ overflowX: "auto" }}>
        <SegmentedControl
          size="xs"
          aria-label={t("crop.ratio")}
          value={ratio}
          onChange={setRatio}
          data={RATIOS.map((value) => ({ value, label: value === "original" ? t("crop.original") : value }))}
        />
      </div>
      <canvas
        ref={canvas}
        className={css.crop}
        tabIndex={0}
        role="img"
        aria-label={t("crop.part")}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={push}
        onKeyDown={press}
      />
      <p className="dim small no-margin">{t("crop.hint", { width: number(output.width, { useGrouping: false }), height: number(output.height, { useGrouping: false }) })}</p>
      <Slider
        aria-label={t("crop.zoom")}
        thumbLabel={t("crop.zoom")}
        min={1}
        max={MOST_ZOOM}
        step={0.05}
        value={view.zoom}
        onChange={(zoom) => setView((now) => ({ ...now, zoom }))}
        label={(zoom) => `${number(zoom, { maximumFractionDigits: 1 })}×`}
      />
      {failed && (
        <p className="bad no-margin" role="alert">
          {t("crop.failed")}
        </p>
      )}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="default" onClick={onClose}>
          {t("do.cancel")}
        </Button>
        <Button onClick={take}>{t("crop.do")}</Button>
      </div>
    </div>
  );
}
