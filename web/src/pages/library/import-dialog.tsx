// Fetches a file from a public address.

import { Button, Modal, TextInput } from "@mantine/core";

import { useImportMedia } from "@/api/calls/media";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal } from "@/ui/form-refusal";
import { useTell } from "@/ui/toasts";

export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const fetchIt = useImportMedia();
  return (
    <Modal opened={opened} onClose={onClose} title={t("media.import")} closeButtonProps={{ "aria-label": t("do.close") }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          fetchIt.mutate(typed(new FormData(event.currentTarget), "url"), {
            onSuccess: () => {
              tell(t("media.imported"));
              onClose();
            },
          });
        }}
      >
        <TextInput name="url" type="url" label={t("media.import.url")} description={t("media.import.hint")} placeholder="https://" required withAsterisk={false} data-autofocus />
        <FormRefusal error={fetchIt.error} />
        <div>
          <Button type="submit" loading={fetchIt.isPending}>
            {t("media.import.do")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
