// The end of a form in a dialog: what was refused as a whole, and the ways out.

import { Button } from "@mantine/core";

import { Problem } from "@/api/problem";
import { useTexts } from "@/i18n";
import { describe } from "@/ui/states";

interface FormEndProps {
  error: Error | null;
  /** The fields that say by themselves what was wrong with them. */
  fields: readonly string[];
  busy: boolean;
  onCancel: () => void;
}

export function FormEnd({ error, fields, busy, onCancel }: FormEndProps) {
  const { t } = useTexts();
  const isAtField = error instanceof Problem && fields.includes(error.field ?? "");
  return (
    <>
      {error && !isAtField && (
        <p className="bad no-margin" role="alert">
          {describe(error, t)}
        </p>
      )}
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
