import type { mediaTools as english } from "../en/media-tools";

export const mediaTools: Record<keyof typeof english, string> = {
  "crop.open": "Datei {number} zuschneiden",
  "crop.title": "Bild zuschneiden",
  "crop.ratio": "Breite zu Höhe",
  "crop.original": "Wie es ist",
  "crop.part": "Der Ausschnitt. Mit den Pfeiltasten verschieben.",
  "crop.hint": "Zieh das Bild oder nimm die Pfeiltasten. Genommen werden {width} × {height} Pixel.",
  "crop.zoom": "Zoom",
  "crop.do": "Diesen Ausschnitt nehmen",
  "crop.failed": "Der Browser kann diese Datei nicht zeigen, deshalb lässt sie sich hier nicht zuschneiden.",

  "ai.image.open": "Mit KI machen",
  "ai.image.title": "Bild machen",
  "ai.image.prompt": "Was zeigt es?",
  "ai.image.prompt.hint": "Nichts wird veröffentlicht. Das Bild kommt in die Mediathek.",
  "ai.image.model": "Modell",
  "ai.image.do": "Machen",
  "ai.image.waits": "Das dauert bis zu einer Minute.",
  "ai.model.nano-banana-pro": "Nano Banana Pro, 15 Guthaben",
  "ai.model.ideogram-v2": "Ideogram 2, 8 Guthaben",
  "ai.model.gemini-3-pro": "Gemini 3 Pro, 5 Guthaben",
  "ai.model.flux-schnell": "Flux Schnell, 1 Guthaben",

  "duplicate.title": "Das gibt es schon",
  "duplicate.what": "Ein Konto dieses Beitrags hat innerhalb von 24 Stunden denselben Inhalt:",
  "duplicate.anyway": "Trotzdem veröffentlichen",
};
