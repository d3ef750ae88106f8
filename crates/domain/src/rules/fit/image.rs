//! The plan for an image.

use serde::{Deserialize, Serialize};

use super::canvas::{Bounds, Layout, Size};
use super::words::Change;
use super::{Frame, Plan, Recipe, Refusal};
use crate::rules::ImageRules;

const JPEG: &str = "image/jpeg";
const PNG: &str = "image/png";

/// What is known of an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageFacts<'a> {
    /// MIME type.
    pub content_type: &'a str,
    /// Size in bytes.
    pub size_bytes: u64,
    /// The size as it is shown.
    pub size: Size,
    /// Whether it has several pictures.
    pub animated: bool,
    /// Whether it may be transparent somewhere.
    pub has_alpha: bool,
    /// Whether it says where it was taken.
    pub has_location: bool,
}

/// How an image is made anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImageRecipe {
    /// Where the picture goes.
    pub layout: Layout,
    /// The format to be tried first.
    pub format: StillFormat,
    /// Whether a JPEG may be made where a PNG is too large.
    pub or_jpeg: bool,
    /// The most bytes.
    pub max_bytes: Option<u64>,
    /// The least sides, should it have to be made smaller for its bytes.
    pub min_size: Size,
    /// The narrowest and the widest aspect.
    pub aspects: (f64, f64),
}

/// By how much a picture gets smaller that has too many bytes.
const SHRINK: f64 = 0.85;

impl ImageRecipe {
    /// The next smaller size of a result that has too many bytes; `None` when the platform takes no
    /// smaller one.
    pub fn smaller(&self, size: Size) -> Option<Size> {
        let bounds = Bounds {
            min_width: self.min_size.width,
            max_width: size.width,
            min_height: self.min_size.height,
            max_height: size.height,
            min_aspect: self.aspects.0,
            max_aspect: self.aspects.1,
            ceiling: None,
            max_sides: None,
            step: 1,
        };
        let layout = bounds.lay_out(size, SHRINK, Frame::Pad)?;
        (layout.canvas.width < size.width && layout.canvas.height < size.height).then_some(layout.canvas)
    }
}

/// The formats that are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StillFormat {
    /// JPEG; what was transparent becomes white.
    Jpeg,
    /// PNG.
    Png,
}

impl StillFormat {
    /// Its MIME type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => JPEG,
            Self::Png => PNG,
        }
    }
}

/// What has to be done to an image for a platform with these rules.
pub fn plan_image(rules: &ImageRules, facts: &ImageFacts<'_>, frame: Frame) -> Plan {
    let bounds = Bounds {
        min_width: rules.min_width.unwrap_or(1),
        max_width: rules.max_width.unwrap_or(u32::MAX),
        min_height: rules.min_height.unwrap_or(1),
        max_height: rules.max_height.unwrap_or(u32::MAX),
        min_aspect: rules.min_aspect.unwrap_or(0.0),
        max_aspect: rules.max_aspect.unwrap_or(f64::MAX),
        ceiling: rules.ceiling,
        max_sides: rules.max_sides,
        step: 1,
    };
    let is_taken = rules.formats.contains(&facts.content_type);
    let is_light = rules.max_bytes.is_none_or(|max| facts.size_bytes <= max);
    if is_taken && is_light && bounds.hold(facts.size) {
        if facts.has_location {
            return Plan::Convert { recipe: Recipe::WithoutLocation, changes: vec![Change::Location] };
        }
        return Plan::Untouched;
    }
    let (takes_jpeg, takes_png) = (rules.formats.contains(&JPEG), rules.formats.contains(&PNG));
    let wants_png = facts.content_type == PNG || facts.has_alpha;
    let format = match (takes_jpeg, takes_png) {
        (_, true) if wants_png => StillFormat::Png,
        (true, _) => StillFormat::Jpeg,
        (false, true) => StillFormat::Png,
        (false, false) => return Plan::Refused(Refusal::NoFormat),
    };
    let Some(layout) = bounds.lay_out(facts.size, 1.0, frame) else {
        return Plan::Refused(Refusal::NoShape);
    };
    let mut changes = Change::of_layout(facts.size, &layout, frame);
    if facts.animated {
        changes.push(Change::Still);
    }
    if !is_light && let Some(max_bytes) = rules.max_bytes {
        changes.push(Change::Compressed { max_bytes });
    }
    if facts.content_type != format.content_type() {
        changes.push(Change::Format { name: if format == StillFormat::Jpeg { "JPEG" } else { "PNG" } });
    }
    let recipe = ImageRecipe {
        layout,
        format,
        or_jpeg: format == StillFormat::Png && takes_jpeg,
        max_bytes: rules.max_bytes,
        min_size: Size { width: bounds.min_width, height: bounds.min_height },
        aspects: (bounds.min_aspect, bounds.max_aspect),
    };
    Plan::Convert { recipe: Recipe::Image(recipe), changes }
}
