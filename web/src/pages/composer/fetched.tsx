// Files that are not on this machine: at an address, or still to be made.

import { Button, Modal, NativeSelect, TextInput, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { fetchMedia, makeImage, mediaKey, type ImageOrder } from "@/api/calls/media";
import { useTexts, type Key } from "@/i18n";
import { typed } from "@/lib/form";
import { describe } from "@/ui/states";

import { attached, type Attached } from "./draft";

interface Props {
  opened: boolean;
  onClose: () => void;
  onReady: (item: Attached) => void;
}

export function FromAddress({ opened, onClose, onReady }: Props) {
  const { t } = useTexts();
  return (
    <Modal opened={opened} onClose={onClose} title={t("media.import")} closeButtonProps={{ "aria-label": t("do.close") }}>
      <AddressForm onClose={onClose} onReady={onReady} />
    </Modal>
  );
}

/** Waits until the file is there, and lets go of it when the dialog is closed before. */
function useArrival<Order>(bring: (order: Order, signal: AbortSignal) => ReturnType<typeof fetchMedia>, { onClose, onReady }: Omit<Props, "opened">) {
  const { t } = useTexts();
  const client = useQueryClient();
  const waiting = useRef<AbortController>(null);
  useEffect(() => () => waiting.current?.abort(), []);
  return useMutation({
    mutationFn: async (order: Order) => {
      waiting.current = new AbortController();
      const media = await bring(order, waiting.current.signal);
      if (media.status === "failed") throw new Error(media.error_message ?? t("media.failed"));
      return media;
    },
    onSuccess: (media) => {
      void client.invalidateQueries({ queryKey: mediaKey });
      void client.invalidateQueries({ queryKey: ["me"] });
      onReady(attached(media));
      onClose();
    },
  });
}

function AddressForm(props: Omit<Props, "opened">) {
  const { t } = useTexts();
  const bring = useArrival<string>(fetchMedia, props);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        // The form of the post lies around it.
        event.stopPropagation();
        bring.mutate(typed(new FormData(event.currentTarget), "url").trim());
      }}
    >
      <TextInput name="url" type="url" label={t("media.import.url")} description={t("media.import.hint")} placeholder="https://" required withAsterisk={false} data-autofocus />
      <Refused error={bring.error} />
      <div>
        <Button type="submit" loading={bring.isPending}>
          {t("media.import.do")}
        </Button>
      </div>
    </form>
  );
}

const RATIOS = ["1:1", "4:5", "3:4", "9:16", "5:4", "4:3", "16:9"] as const;
const MODELS = ["nano-banana-pro", "ideogram-v2", "gemini-3-pro", "flux-schnell"] as const;

export function WithAi({ opened, onClose, onReady }: Props) {
  const { t } = useTexts();
  return (
    <Modal opened={opened} onClose={onClose} title={t("ai.image.title")} closeButtonProps={{ "aria-label": t("do.close") }}>
      <OrderForm onClose={onClose} onReady={onReady} />
    </Modal>
  );
}

function OrderForm(props: Omit<Props, "opened">) {
  const { t } = useTexts();
  const make = useArrival<ImageOrder>(makeImage, props);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const fields = new FormData(event.currentTarget);
        make.mutate({
          prompt: typed(fields, "prompt").trim(),
          aspect_ratio: RATIOS.find((one) => one === typed(fields, "ratio")) ?? "1:1",
          model: MODELS.find((one) => one === typed(fields, "model")) ?? MODELS[0],
        });
      }}
    >
      <Textarea name="prompt" label={t("ai.image.prompt")} description={t("ai.image.prompt.hint")} autosize minRows={3} maxRows={8} required withAsterisk={false} data-autofocus />
      <NativeSelect name="ratio" label={t("crop.ratio")} data={[...RATIOS]} />
      <NativeSelect name="model" label={t("ai.image.model")} data={MODELS.map((value) => ({ value, label: t(`ai.model.${value}` satisfies Key) }))} />
      <Refused error={make.error} />
      {make.isPending && (
        <p className="dim small no-margin" role="status">
          {t("ai.image.waits")}
        </p>
      )}
      <div>
        <Button type="submit" loading={make.isPending}>
          {t("ai.image.do")}
        </Button>
      </div>
    </form>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTexts();
  if (error == null) return null;
  return (
    <p className="bad no-margin breaks" role="alert">
      {describe(error, t)}
    </p>
  );
}
