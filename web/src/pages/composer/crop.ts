// Which part of a picture is taken. Pure: the dialog draws it.

export interface Size {
  width: number;
  height: number;
}

export interface Area extends Size {
  x: number;
  y: number;
}

/** What is looked at: how near, and around which point, from 0 to 1 of either side. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

export const RATIOS = ["original", "1:1", "4:5", "16:9", "9:16", "1.91:1"] as const;
export type Ratio = (typeof RATIOS)[number];

export const WHOLE: View = { zoom: 1, x: 0.5, y: 0.5 };
export const MOST_ZOOM = 5;
/** No platform takes more pixels than this on a side; what a phone made may have many. */
const LONGEST_SIDE = 4096;

export function ratioOf(ratio: Ratio, picture: Size): number {
  const [width, height] = ratio.split(":").map(Number);
  return width && height ? width / height : picture.width / picture.height;
}

const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), Math.max(least, most));

/** The part of the picture in its own pixels. It never leaves the picture. */
export function areaOf(picture: Size, ratio: Ratio, view: View): Area {
  const wanted = ratioOf(ratio, picture);
  const zoom = within(view.zoom, 1, MOST_ZOOM);
  const fits = picture.width / picture.height > wanted;
  const width = (fits ? picture.height * wanted : picture.width) / zoom;
  const height = (fits ? picture.height : picture.width / wanted) / zoom;
  return {
    width,
    height,
    x: within(view.x * picture.width - width / 2, 0, picture.width - width),
    y: within(view.y * picture.height - height / 2, 0, picture.height - height),
  };
}

/** The view after the picture was pushed by so many of its own pixels. What would lead out of it has no effect. */
export function moved(picture: Size, ratio: Ratio, view: View, by: { x: number; y: number }): View {
  const area = areaOf(picture, ratio, view);
  const x = within(area.x - by.x, 0, picture.width - area.width) + area.width / 2;
  const y = within(area.y - by.y, 0, picture.height - area.height) + area.height / 2;
  return { zoom: view.zoom, x: x / picture.width, y: y / picture.height };
}

/** How large the part is drawn for the upload. */
export function outputOf(area: Area): Size {
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(area.width, area.height));
  return { width: Math.max(1, Math.round(area.width * shrink)), height: Math.max(1, Math.round(area.height * shrink)) };
}
