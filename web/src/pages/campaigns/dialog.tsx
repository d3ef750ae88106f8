// Making a campaign, and changing one.

import { Button, ColorInput, Modal, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";

import { useCreateCampaign, useUpdateCampaign } from "@/api/calls/workspace";
import { Problem } from "@/api/problem";
import type { Campaign } from "@/api/types";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { describe } from "@/ui/states";

const COLORS = ["#0f5c50", "#1f5a8a", "#5a49d8", "#a8231b", "#c1306f", "#c98a1b", "#4d4942"];

export function CampaignDialog({ campaign, onClose }: { campaign: Campaign | "new" | null; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal
      opened={campaign !== null}
      onClose={onClose}
      title={t(campaign === "new" ? "campaigns.new" : "campaigns.edit")}
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      {campaign && <Form campaign={campaign === "new" ? null : campaign} onClose={onClose} />}
    </Modal>
  );
}

function Form({ campaign, onClose }: { campaign: Campaign | null; onClose: () => void }) {
  const { t } = useTexts();
  const create = useCreateCampaign();
  const update = useUpdateCampaign();
  const [color, setColor] = useState(campaign?.color ?? COLORS[0] ?? "#0f5c50");
  const error = create.error ?? update.error;
  const errorOf = (field: string) => (error instanceof Problem && error.field === field ? error.message : undefined);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const body = { name: typed(form, "name"), description: typed(form, "description"), color };
        if (campaign) update.mutate({ id: campaign.id, body }, { onSuccess: onClose });
        else create.mutate(body, { onSuccess: onClose });
      }}
    >
      <TextInput name="name" label={t("campaigns.name")} defaultValue={campaign?.name} error={errorOf("name")} required withAsterisk={false} data-autofocus />
      <Textarea name="description" label={t("campaigns.description")} autosize minRows={2} defaultValue={campaign?.description ?? ""} error={errorOf("description")} />
      <ColorInput label={t("campaigns.color")} value={color} onChange={setColor} swatches={COLORS} format="hex" withEyeDropper={false} error={errorOf("color")} />
      {error && !(error instanceof Problem && error.field) && (
        <p className="bad no-margin" role="alert">
          {describe(error, t)}
        </p>
      )}
      <div>
        <Button type="submit" loading={create.isPending || update.isPending}>
          {t(campaign ? "do.save" : "do.create")}
        </Button>
      </div>
    </form>
  );
}
