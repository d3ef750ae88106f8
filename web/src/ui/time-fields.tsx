// A day, a time and a zone. The browser's own field is used: it knows keyboards, phones and languages.

import { Autocomplete, TextInput } from "@mantine/core";

import { useTexts } from "@/i18n";
import { ownZone, toLocal, toMoment, zones, type Local } from "@/lib/zone";

export interface PlannedTime {
  local: Local;
  zone: string;
}

const HOUR = 3_600_000;

/** The time that is there, else the next full hour but one. */
export function firstSuggestion(there: string | null | undefined, zone: string): PlannedTime {
  if (there && new Date(there).getTime() > Date.now()) return { local: toLocal(there, zone), zone };
  const next = new Date(Math.ceil((Date.now() + HOUR) / HOUR) * HOUR);
  return { local: toLocal(next, zone), zone };
}

export function TimeFields({ value, onChange }: { value: PlannedTime; onChange: (value: PlannedTime) => void }) {
  const { t, moment } = useTexts();
  const at = toMoment(value.local, value.zone);
  const isPast = at !== null && at.getTime() < Date.now();
  const here = ownZone();
  return (
    <div className="stack" style={{ "--gap": "0.625rem" } as React.CSSProperties}>
      <TextInput
        type="datetime-local"
        label={t("time.at")}
        value={value.local}
        error={isPast ? t("time.past") : undefined}
        onChange={(event) => onChange({ ...value, local: event.currentTarget.value })}
      />
      <Autocomplete
        label={t("time.zone")}
        value={value.zone}
        limit={40}
        data={zones()}
        onChange={(zone) => onChange({ ...value, zone })}
        error={isZone(value.zone) ? undefined : t("time.zone.unknown")}
      />
      {at && isZone(value.zone) && value.zone !== here && <p className="small dim no-margin">{t("time.here", { time: moment(at) })}</p>}
    </div>
  );
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name !== "";
  } catch {
    return false;
  }
}
