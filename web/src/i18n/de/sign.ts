import type { sign as english } from "../en/sign";

export const sign: Record<keyof typeof english, string> = {
  "sign.title": "Anmelden",
  "sign.lead": "Schreib einen Beitrag einmal und sende ihn an jedes Konto.",
  "sign.email": "E-Mail",
  "sign.password": "Passwort",
  "sign.do": "Anmelden",
  "sign.link": "Du wirst mit deinem Link angemeldet",
  "sign.link.failed": "Der Link funktioniert nicht.",
  "sign.link.do": "Melde dich mit deinem Passwort an oder bitte um einen neuen Link.",

  "setup.title": "Fanfare einrichten",
  "setup.lead": "Du bist als Erste oder Erster hier. Lege das Konto an, dem alles gehört. Der Server hat beim Start einen Einrichtungscode ausgegeben.",
  "setup.token": "Einrichtungscode",
  "setup.token.hint": "Aus der Ausgabe oder dem Protokoll des Servers.",
  "setup.organization": "Name der Organisation",
  "setup.name": "Dein Name",
  "setup.password.hint": "Mindestens 10 Zeichen. Ein Satz lässt sich am leichtesten merken.",
  "setup.do": "Einrichten und anmelden",

  "invitation.title": "Beitreten",
  "invitation.lead": "Du bist eingeladen. Wähle einen Namen und ein Passwort. Hast du hier schon ein Konto, gib dessen Passwort ein.",
  "invitation.do": "Beitreten",
  "invitation.missing": "Die Adresse der Einladung ist unvollständig. Kopiere sie ganz.",
};
