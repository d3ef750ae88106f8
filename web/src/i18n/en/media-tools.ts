// Taking parts of pictures, having them made, and posts that are there already.

export const mediaTools = {
  "crop.open": "Crop file {number}",
  "crop.title": "Crop the image",
  "crop.ratio": "Width to height",
  "crop.original": "As it is",
  "crop.part": "The part that is taken. Move it with the arrow keys.",
  "crop.hint": "Drag the image, or use the arrow keys. {width} × {height} pixels are taken.",
  "crop.zoom": "Zoom",
  "crop.do": "Take this part",
  "crop.failed": "The browser cannot show this file, so it cannot be cropped here.",

  "ai.image.open": "Make with AI",
  "ai.image.title": "Make an image",
  "ai.image.prompt": "What does it show?",
  "ai.image.prompt.hint": "Nothing is published. The image is put into the library.",
  "ai.image.model": "Model",
  "ai.image.do": "Make it",
  "ai.image.waits": "This takes up to a minute.",
  "ai.model.nano-banana-pro": "Nano Banana Pro, 15 credits",
  "ai.model.ideogram-v2": "Ideogram 2, 8 credits",
  "ai.model.gemini-3-pro": "Gemini 3 Pro, 5 credits",
  "ai.model.flux-schnell": "Flux Schnell, 1 credit",

  "duplicate.title": "The same was posted already",
  "duplicate.what": "An account of this post has the same content within 24 hours:",
  "duplicate.anyway": "Post it all the same",
};
