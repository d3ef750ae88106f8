//! Pictures that are cut to a shape.

use crate::probe::{Pixels, decode_for_copy, probe};
use crate::{MediaError, fit};

/// The middle of a picture in the shape of `width` to `height`; the same bytes when it has that shape
/// already, but for a pixel.
///
/// # Errors
/// When it is no picture that can be read.
pub async fn cut_to_shape(bytes: Vec<u8>, width: u32, height: u32) -> Result<Vec<u8>, MediaError> {
    let work = move || {
        let found = probe(&bytes)?;
        let Pixels { mut image, profile } = decode_for_copy(&bytes, found.content_type)?;
        let (has_width, has_height) = (u64::from(image.width()), u64::from(image.height()));
        let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
        let wanted_width = has_width.min(has_height * width / height).max(1);
        let wanted_height = has_height.min(has_width * height / width).max(1);
        if wanted_width + 1 >= has_width && wanted_height + 1 >= has_height {
            return Ok(bytes);
        }
        let pixels = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        let left = pixels((has_width - wanted_width) / 2);
        let top = pixels((has_height - wanted_height) / 2);
        let cut = image.crop(left, top, pixels(wanted_width), pixels(wanted_height));
        fit::png(&cut, profile.as_deref())
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| MediaError::Broken)?
}
