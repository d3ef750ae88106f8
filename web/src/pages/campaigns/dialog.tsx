// Making a campaign, and changing one.

import { Button, ColorInput, Modal, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";

import { useCreateCampaign, useUpdateCampaign } from "@/api/calls/workspace";
import type { Campaign } from "@/api/types";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { useCalm } from "@/ui/calm";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";

const COLORS = ["#0f5c50", "#1f5a8a", "#5a49d8", "#a8231b", "#c1306f", "#c98a1b", "#4d4942"];

type Fields = Pick<Campaign, "name" | "description" | "color">;

export interface Edited {
  /** None is there yet if it is a new one. */
  campaign: Campaign | null;
  /** What the server refused, and why. */
  refused?: { fields: Fields; error: unknown };
}

interface Props {
  edited: Edited | null;
  onEdit: (edited: Edited | null) => void;
}

export function CampaignDialog({ edited, onEdit }: Props) {
  const { t } = useTexts();
  const onClose = () => onEdit(null);
  return (
    <Modal
      opened={edited !== null}
      onClose={onClose}
      title={t(edited?.campaign ? "campaigns.edit" : "campaigns.new")}
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      {edited && <Form edited={edited} onEdit={onEdit} />}
    </Modal>
  );
}

function Form({ edited: { campaign, refused }, onEdit }: { edited: Edited; onEdit: Props["onEdit"] }) {
  const { t } = useTexts();
  const calm = useCalm();
  const create = useCreateCampaign();
  const update = useUpdateCampaign();
  const first = refused?.fields ?? campaign;
  const [color, setColor] = useState(first?.color ?? COLORS[0] ?? "#0f5c50");
  const error = create.error ?? refused?.error;
  const errorOf = (field: string) => refusalOf(error, field);
  const change = (there: Campaign, fields: Fields) => {
    const set = ({ name, description, color }: Fields) => update.mutateAsync({ id: there.id, body: { name, description: description ?? "", color } });
    onEdit(null);
    void calm({
      send: () => set(fields),
      done: t("campaigns.changed", { name: fields.name }),
      undo: { send: () => set(there), done: t("campaigns.changedBack", { name: there.name }) },
      // What was typed is not lost, and a wrong field says so itself.
      refused: (why) => {
        onEdit({ campaign: there, refused: { fields, error: why } });
        return true;
      },
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const body = { name: typed(form, "name"), description: typed(form, "description"), color };
        if (campaign) change(campaign, body);
        else create.mutate(body, { onSuccess: () => onEdit(null) });
      }}
    >
      <TextInput name="name" label={t("campaigns.name")} defaultValue={first?.name} error={errorOf("name")} required withAsterisk={false} data-autofocus />
      <Textarea name="description" label={t("campaigns.description")} autosize minRows={2} defaultValue={first?.description ?? ""} error={errorOf("description")} />
      <ColorInput label={t("campaigns.color")} value={color} onChange={setColor} swatches={COLORS} format="hex" withEyeDropper={false} error={errorOf("color")} />
      <FormRefusal error={error} fields={["name", "description", "color"]} />
      <div>
        <Button type="submit" loading={create.isPending}>
          {t(campaign ? "do.save" : "do.create")}
        </Button>
      </div>
    </form>
  );
}
