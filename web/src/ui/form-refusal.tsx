// Why a form was refused: at the field that the server names, or for the form as a whole.

import { Problem } from "@/api/problem";
import { useTexts } from "@/i18n";

import { describe } from "./states";

/** What is said at a field. */
export function refusalOf(error: unknown, field: string): string | undefined {
  return error instanceof Problem && error.field === field ? error.message : undefined;
}

interface FormRefusalProps {
  error: unknown;
  /** The fields that say by themselves what was wrong with them. */
  fields?: readonly string[];
}

/** What no field says. */
export function FormRefusal({ error, fields = [] }: FormRefusalProps) {
  const { t } = useTexts();
  if (error == null || fields.some((field) => refusalOf(error, field) !== undefined)) return null;
  return (
    <p className="bad no-margin" role="alert">
      {describe(error, t)}
    </p>
  );
}
