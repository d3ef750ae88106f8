//! The size of a fitted picture: a few numbers that have to agree.

use serde::{Deserialize, Serialize};

use super::Frame;
use crate::rules::PixelCeiling;

/// A width and a height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Size {
    fn aspect(self) -> f64 {
        f64::from(self.width) / f64::from(self.height.max(1))
    }
}

/// Where the picture goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The size of the result.
    pub canvas: Size,
    /// The size to which the original is scaled before it is put into the middle of the canvas.
    /// What sticks out is cut off; what it leaves free is filled.
    pub picture: Size,
}

/// What a canvas must be like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) min_width: u32,
    pub(super) max_width: u32,
    pub(super) min_height: u32,
    pub(super) max_height: u32,
    pub(super) min_aspect: f64,
    pub(super) max_aspect: f64,
    pub(super) ceiling: Option<PixelCeiling>,
    /// The most that both sides add up to.
    pub(super) max_sides: Option<u32>,
    /// Both sides are multiples of this.
    pub(super) step: u32,
}

impl Bounds {
    /// Whether a picture of this size is fine as it is. What is made is also a multiple of the step;
    /// what is there already need not be.
    pub(super) fn hold(&self, size: Size) -> bool {
        let aspect = size.aspect();
        (self.min_width..=self.max_width).contains(&size.width)
            && (self.min_height..=self.max_height).contains(&size.height)
            && aspect >= self.min_aspect
            && aspect <= self.max_aspect
            && self.max_sides.is_none_or(|max| size.width.saturating_add(size.height) <= max)
            && self.ceiling.is_none_or(|ceiling| {
                size.width.min(size.height) <= ceiling.short && size.width.max(size.height) <= ceiling.long
            })
    }

    /// The layout that changes the least of a picture of this size, at most as large as `scale` of
    /// it. `None` when the bounds contradict each other.
    pub(super) fn lay_out(&self, size: Size, scale: f64, frame: Frame) -> Option<Layout> {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let aspect = size.aspect().clamp(self.min_aspect, self.max_aspect);
        let keeps_aspect = (self.min_aspect..=self.max_aspect).contains(&size.aspect());
        // The canvas at the original's scale: around the picture, or within it.
        let grows_across = (aspect > size.aspect()) == (frame == Frame::Pad);
        let (wide, high) = if keeps_aspect {
            (width, height)
        } else if grows_across {
            (height * aspect, height)
        } else {
            (width, width / aspect)
        };
        let (max_width, max_height) = self.largest(wide <= high);
        let by_sides = self.max_sides.map_or(f64::MAX, |max| f64::from(max) / (wide + high));
        let largest = (f64::from(max_width) / wide).min(f64::from(max_height) / high).min(by_sides);
        let smallest = (f64::from(self.min_width) / wide).max(f64::from(self.min_height) / high);
        let scale = scale.min(1.0).max(smallest).min(largest);
        let canvas = self.round(wide * scale, high * scale, aspect)?;
        Some(Layout { canvas, picture: picture(size, canvas, frame, keeps_aspect, self.step) })
    }

    /// The largest sides of a canvas that stands upright, or lies.
    fn largest(&self, upright: bool) -> (u32, u32) {
        let (across, down) = match self.ceiling {
            None => (u32::MAX, u32::MAX),
            Some(ceiling) if upright => (ceiling.short, ceiling.long),
            Some(ceiling) => (ceiling.long, ceiling.short),
        };
        (self.max_width.min(across), self.max_height.min(down))
    }

    /// Whole numbers near these that keep every bound: rounding alone may leave one by a hair.
    fn round(&self, wide: f64, high: f64, aspect: f64) -> Option<Size> {
        let near = |value: f64| {
            let middle = self.to_step(value);
            (0..4).flat_map(move |far| {
                [middle.saturating_add(far * self.step), middle.saturating_sub(far * self.step)]
            })
        };
        let by_height = near(high).flat_map(|height| {
            let width = self.to_step(f64::from(height) * aspect);
            let kept = self.to_step(wide);
            [kept, width, width + self.step, width.saturating_sub(self.step)]
                .map(|width| Size { width, height })
        });
        let by_width = near(wide).flat_map(|width| {
            let height = self.to_step(f64::from(width) / aspect);
            [height, height + self.step, height.saturating_sub(self.step)]
                .map(|height| Size { width, height })
        });
        by_height.chain(by_width).chain(self.corners(wide, high)).find(|size| {
            let whole = size.width % self.step == 0 && size.height % self.step == 0;
            whole && size.width > 0 && size.height > 0 && self.hold(*size)
        })
    }

    /// Where no scale keeps the aspect within the limits of the sides, the aspect gives way.
    fn corners(&self, wide: f64, high: f64) -> impl Iterator<Item = Size> {
        let (max_width, max_height) = self.largest(wide <= high);
        let width = self.to_step(wide).clamp(self.up(self.min_width), max_width.max(self.up(self.min_width)));
        let height =
            self.to_step(high).clamp(self.up(self.min_height), max_height.max(self.up(self.min_height)));
        let widest = self.to_step(f64::from(height) * self.max_aspect);
        let narrowest = self.up(self.to_step(f64::from(height) * self.min_aspect));
        [Size { width, height }, Size { width: widest, height }, Size { width: narrowest, height }]
            .into_iter()
    }

    fn up(&self, value: u32) -> u32 {
        value.div_ceil(self.step).saturating_mul(self.step)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
    fn to_step(self, value: f64) -> u32 {
        let steps = (value / f64::from(self.step)).round().max(1.0) as u32;
        steps.saturating_mul(self.step)
    }
}

/// The size to which the original is scaled.
fn picture(size: Size, canvas: Size, frame: Frame, keeps_aspect: bool, step: u32) -> Size {
    let (across, down) =
        (f64::from(canvas.width) / f64::from(size.width), f64::from(canvas.height) / f64::from(size.height));
    let scale = if frame == Frame::Pad { across.min(down) } else { across.max(down) };
    let scaled_to = |original: u32, canvas: u32| {
        let scaled = round(f64::from(original) * scale / f64::from(step)).max(1).saturating_mul(step);
        // A sliver of a pixel or two is rounding and not a bar.
        if scaled.abs_diff(canvas) <= step && keeps_aspect { canvas } else { scaled }
    };
    let picture =
        Size { width: scaled_to(size.width, canvas.width), height: scaled_to(size.height, canvas.height) };
    match frame {
        Frame::Pad => {
            Size { width: picture.width.min(canvas.width), height: picture.height.min(canvas.height) }
        }
        Frame::Crop => {
            Size { width: picture.width.max(canvas.width), height: picture.height.max(canvas.height) }
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn round(value: f64) -> u32 {
    value.round() as u32
}
