import type { calendar as english } from "../en/calendar";

export const calendar: Record<keyof typeof english, string> = {
  "calendar.title": "Kalender",
  "calendar.today": "Heute",
  "calendar.month": "Monat",
  "calendar.week": "Woche",
  "calendar.day": "Tag",
  "calendar.list": "Liste",
  "calendar.view": "Ansicht",
  "calendar.slots": "Plätze der Warteschlange",
  "calendar.slot": "Freier Platz",
  "calendar.zone.own": "Deine Zeit ({zone})",
  "calendar.moved": "Verschoben auf {time}.",
  "calendar.moved.back": "Zurück auf {time}.",
  "calendar.past": "Ein Beitrag kann nicht in die Vergangenheit.",
  "calendar.fixed": "Nur geplante Beiträge lassen sich verschieben.",
  "calendar.move.do": "Verschieben",
  "calendar.open": "Öffnen",
  "calendar.more": "+ {count} weitere",
  "calendar.none": "Hier ist nichts geplant.",
  "calendar.hint": "Zieh einen geplanten Beitrag an eine andere Stelle, oder wähle ihn und tippe eine Zeit. Wähle eine freie Stelle, um dafür zu schreiben.",
};
