import type { Catalogue } from "../messages";
import { en } from "../en";

export const de: Catalogue = { ...en };
