//! Images: scaled, laid out on a canvas, and encoded so that they fit into their bytes.

use std::path::Path;

use domain::rules::fit::{ImageRecipe, Layout, Size, StillFormat};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::{DynamicImage, ImageEncoder as _, Rgb, RgbImage, Rgba, RgbaImage, imageops};

use super::{Made, Original};
use crate::probe::{Pixels, decode_for_copy, heic_to_jpeg, turn, whole_file};
use crate::scratch::Scratch;
use crate::{MediaError, Tools};

/// Tried one after another until a JPEG fits into its bytes.
const QUALITIES: [u8; 6] = [90, 84, 76, 68, 58, 48];
const WHITE: u8 = 255;

pub(super) async fn convert(
    source: &Path,
    tools: &Tools,
    original: &Original<'_>,
    recipe: &ImageRecipe,
    scratch: &Scratch,
) -> Result<Made, MediaError> {
    // A HEIC image comes upright out of its program.
    let (bytes, content_type, orientation) = if original.content_type == "image/heic" {
        (Some(heic_to_jpeg(source, tools).await?), "image/jpeg".to_owned(), 1)
    } else {
        (None, original.content_type.to_owned(), original.orientation)
    };
    let (source, path, recipe) = (source.to_owned(), scratch.path("copy"), recipe.clone());
    let work = move || {
        let bytes = bytes.map_or_else(|| whole_file(&source), Ok)?;
        let Pixels { mut image, profile } = decode_for_copy(&bytes, &content_type)?;
        drop(bytes);
        turn(&mut image, orientation);
        let encoded = render(image, profile.as_deref(), &recipe)?;
        std::fs::write(&path, encoded.bytes)?;
        Ok(Made { path, content_type: encoded.format.content_type().to_owned(), size: Some(encoded.size) })
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| MediaError::Broken)?
}

/// An image as a file.
struct Encoded {
    bytes: Vec<u8>,
    format: StillFormat,
    size: Size,
}

fn render(image: DynamicImage, profile: Option<&[u8]>, recipe: &ImageRecipe) -> Result<Encoded, MediaError> {
    let keeps_alpha = recipe.format == StillFormat::Png && image.color().has_alpha();
    let picture = scaled(image, recipe.layout.picture)?;
    let mut canvas = if keeps_alpha {
        DynamicImage::ImageRgba8(on_clear(&picture.into_rgba8(), recipe.layout))
    } else {
        DynamicImage::ImageRgb8(within_white(&picture, recipe.layout))
    };
    loop {
        let size = Size { width: canvas.width(), height: canvas.height() };
        let fits = |bytes: &Vec<u8>| {
            recipe.max_bytes.is_none_or(|max| u64::try_from(bytes.len()).is_ok_and(|length| length <= max))
        };
        if recipe.format == StillFormat::Png {
            let bytes = png(&canvas, profile)?;
            if fits(&bytes) {
                return Ok(Encoded { bytes, format: StillFormat::Png, size });
            }
        }
        if recipe.format == StillFormat::Jpeg || recipe.or_jpeg {
            let flat = on_white(&canvas);
            for quality in QUALITIES {
                let bytes = jpeg(&flat, profile, quality)?;
                if fits(&bytes) {
                    return Ok(Encoded { bytes, format: StillFormat::Jpeg, size });
                }
            }
        }
        let max_bytes = recipe.max_bytes.unwrap_or(0);
        let smaller = recipe.smaller(size).ok_or(MediaError::CannotShrink { max_bytes })?;
        canvas = scaled(canvas, smaller)?;
    }
}

/// The image in another size, with eight bits per colour.
fn scaled(image: DynamicImage, size: Size) -> Result<DynamicImage, MediaError> {
    let image = if image.color().has_alpha() {
        DynamicImage::ImageRgba8(image.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.into_rgb8())
    };
    if (image.width(), image.height()) == (size.width, size.height) {
        return Ok(image);
    }
    let mut result = DynamicImage::new(size.width, size.height, image.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&image, &mut result, &options).map_err(|_| MediaError::Broken)?;
    Ok(result)
}

/// Where the picture's upper left corner goes: its middle into the canvas's middle.
fn corner(layout: Layout) -> (i64, i64) {
    let offset = |canvas: u32, picture: u32| (i64::from(canvas) - i64::from(picture)).div_euclid(2);
    (offset(layout.canvas.width, layout.picture.width), offset(layout.canvas.height, layout.picture.height))
}

fn on_clear(picture: &RgbaImage, layout: Layout) -> RgbaImage {
    let mut canvas = RgbaImage::from_pixel(layout.canvas.width, layout.canvas.height, Rgba([0; 4]));
    let (left, top) = corner(layout);
    imageops::replace(&mut canvas, picture, left, top);
    canvas
}

fn within_white(picture: &DynamicImage, layout: Layout) -> RgbImage {
    let mut canvas = RgbImage::from_pixel(layout.canvas.width, layout.canvas.height, Rgb([WHITE; 3]));
    let (left, top) = corner(layout);
    imageops::replace(&mut canvas, &on_white(picture), left, top);
    canvas
}

/// What was transparent becomes white.
pub(super) fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let image = image.to_rgba8();
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        let mixed = (colour * alpha + u32::from(WHITE) * (255 - alpha) + 127) / 255;
        u8::try_from(mixed).unwrap_or(WHITE)
    };
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let Rgba([red, green, blue, alpha]) = *image.get_pixel(x, y);
        Rgb([blend(red, alpha), blend(green, alpha), blend(blue, alpha)])
    })
}

pub(crate) fn png(image: &DynamicImage, profile: Option<&[u8]>) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).map_err(|_| MediaError::Broken)?;
    }
    let colour = image.color().into();
    encoder
        .write_image(image.as_bytes(), image.width(), image.height(), colour)
        .map_err(|_| MediaError::Broken)?;
    Ok(bytes)
}

fn jpeg(image: &RgbImage, profile: Option<&[u8]>, quality: u8) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).map_err(|_| MediaError::Broken)?;
    }
    let colour = image::ExtendedColorType::Rgb8;
    encoder
        .write_image(image.as_raw(), image.width(), image.height(), colour)
        .map_err(|_| MediaError::Broken)?;
    Ok(bytes)
}
