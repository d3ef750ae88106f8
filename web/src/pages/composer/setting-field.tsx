// One setting of a platform.

import { Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";

import { useTexts, type Key } from "@/i18n";

import type { Field } from "./fields";

interface Props {
  field: Field;
  value: unknown;
  error?: string | undefined;
  onChange: (value: unknown) => void;
}

export function SettingField({ field, value, error, onChange }: Props) {
  const { t } = useTexts();
  const label = t(field.label);
  switch (field.kind) {
    case "flag":
      return (
        <Checkbox
          label={label}
          checked={typeof value === "boolean" ? value : (field.usual ?? false)}
          onChange={(event) => onChange(event.currentTarget.checked === (field.usual ?? false) ? undefined : event.currentTarget.checked)}
          error={error}
        />
      );
    case "choice":
      return (
        <NativeSelect
          label={label}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
          error={error}
          data={[{ value: "", label: t("field.usual") }, ...field.choices.map((choice) => ({ value: choice, label: t(`choice.${choice}` as Key) }))]}
        />
      );
    case "long":
      return (
        <Textarea label={label} autosize minRows={2} value={asText(value)} maxLength={field.max} error={error} onChange={(event) => onChange(event.currentTarget.value)} />
      );
    case "number":
      return (
        <TextInput
          type="number"
          min={0}
          label={label}
          value={asText(value)}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value))}
        />
      );
    case "words":
    case "text":
      return (
        <TextInput
          label={label}
          description={field.hint ? t(field.hint) : undefined}
          value={asText(value)}
          maxLength={field.max}
          error={error}
          onChange={(event) => onChange(field.kind === "words" ? words(event.currentTarget.value) : event.currentTarget.value)}
        />
      );
  }
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The words between commas. The last one keeps its spaces while it is typed. */
function words(text: string): string[] | undefined {
  return text === "" ? undefined : text.split(",").map((word) => word.trimStart());
}
