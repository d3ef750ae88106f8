// The end of a form in a dialog: what was refused as a whole, and the ways out.

import { Button } from "@mantine/core";

import { useTexts } from "@/i18n";
import { FormRefusal } from "@/ui/form-refusal";

interface FormEndProps {
  error: Error | null;
  /** The fields that say by themselves what was wrong with them. */
  fields: readonly string[];
  busy: boolean;
  onCancel: () => void;
}

export function FormEnd({ error, fields, busy, onCancel }: FormEndProps) {
  const { t } = useTexts();
  return (
    <>
      <FormRefusal error={error} fields={fields} />
      <div className="row wrap" style={{ justifyContent: "flex-end" }}>
        <Button variant="default" onClick={onCancel}>
          {t("do.cancel")}
        </Button>
        <Button type="submit" loading={busy}>
          {t("do.save")}
        </Button>
      </div>
    </>
  );
}
