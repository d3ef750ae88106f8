use proptest::prelude::*;

use super::*;
use crate::rules::{ContentTypeRule, ImageRules, PixelCeiling, PlatformRules, VideoRules};

const JPEG: &str = "image/jpeg";
const PNG: &str = "image/png";

const fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}

const fn image(content_type: &str, width: u32, height: u32, size_bytes: u64) -> ImageFacts<'_> {
    let size = size(width, height);
    ImageFacts { content_type, size_bytes, size, animated: false, has_alpha: false, has_location: false }
}

/// As Instagram's.
fn narrow_rules() -> ImageRules {
    ImageRules {
        max_bytes: Some(8_388_608),
        min_width: Some(320),
        max_width: Some(1_440),
        min_aspect: Some(0.8),
        max_aspect: Some(1.91),
        ..ImageRules::up_to(10, &[JPEG])
    }
}

fn recipe(plan: Plan) -> ImageRecipe {
    match plan {
        Plan::Convert { recipe: Recipe::Image(recipe), .. } => recipe,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check_layout(facts: &ImageFacts<'_>, frame: Frame, canvas: (u32, u32), picture: (u32, u32)) {
    let layout = recipe(plan_image(&narrow_rules(), facts, frame)).layout;
    assert_eq!(layout.canvas, size(canvas.0, canvas.1));
    assert_eq!(layout.picture, size(picture.0, picture.1));
}

#[test]
fn what_fits_goes_out_untouched() {
    let rules = narrow_rules();
    assert_eq!(plan_image(&rules, &image(JPEG, 1_080, 1_350, 500_000), Frame::Pad), Plan::Untouched);
    let placed = ImageFacts { has_location: true, ..image(JPEG, 1_080, 1_350, 500_000) };
    let Plan::Convert { recipe, changes } = plan_image(&rules, &placed, Frame::Pad) else { panic!() };
    assert_eq!((recipe, changes), (Recipe::WithoutLocation, vec![Change::Location]));
}

#[test]
fn a_picture_of_another_shape_is_padded_or_cropped() {
    let tall = image(JPEG, 1_080, 1_920, 500_000);
    check_layout(&tall, Frame::Pad, (1_440, 1_800), (1_013, 1_800));
    check_layout(&tall, Frame::Crop, (1_080, 1_350), (1_080, 1_920));
    let wide = image(JPEG, 3_000, 1_000, 500_000);
    check_layout(&wide, Frame::Pad, (1_440, 754), (1_440, 480));
    check_layout(&wide, Frame::Crop, (1_440, 754), (2_262, 754));
    // Too small, and too large without another shape.
    check_layout(&image(JPEG, 100, 100, 500), Frame::Pad, (320, 320), (320, 320));
    check_layout(&image(JPEG, 4_000, 3_000, 500_000), Frame::Pad, (1_440, 1_080), (1_440, 1_080));
}

#[test]
fn a_content_type_may_take_other_shapes() {
    const STORY: ContentTypeRule =
        ContentTypeRule { image_aspects: Some((0.1, 10.0)), ..ContentTypeRule::plain("Story") };
    const TYPES: &[ContentTypeRule] = &[STORY, ContentTypeRule::plain("Post")];
    let rules = PlatformRules { image: Some(narrow_rules()), content_types: TYPES, ..PlatformRules::OPEN };
    let upright = image(JPEG, 1_080, 1_920, 500_000);
    let plan = |content_type| plan_image(&rules.image_for(content_type).unwrap(), &upright, Frame::Pad);
    assert_eq!(plan(Some("Story")), Plan::Untouched);
    for other in [None, Some("Post"), Some("Unheard")] {
        assert!(matches!(plan(other), Plan::Convert { .. }), "{other:?}");
    }
}

#[test]
fn the_format_is_one_that_is_taken() {
    let rules = ImageRules { max_bytes: Some(1_000_000), ..ImageRules::up_to(4, &[JPEG, PNG]) };
    let heavy = recipe(plan_image(&rules, &image(PNG, 800, 600, 2_000_000), Frame::Pad));
    assert_eq!((heavy.format, heavy.or_jpeg), (StillFormat::Png, true));
    let heic = recipe(plan_image(&rules, &image("image/heic", 800, 600, 2_000), Frame::Pad));
    assert_eq!((heic.format, heic.or_jpeg), (StillFormat::Jpeg, false));
    let clear = ImageFacts { has_alpha: true, ..image("image/webp", 800, 600, 2_000) };
    assert_eq!(recipe(plan_image(&rules, &clear, Frame::Pad)).format, StillFormat::Png);
    assert_eq!(recipe(plan_image(&narrow_rules(), &clear, Frame::Pad)).format, StillFormat::Jpeg);
    let none = ImageRules::up_to(1, &["image/avif"]);
    assert_eq!(plan_image(&none, &clear, Frame::Pad), Plan::Refused(Refusal::NoFormat));
}

const fn video(width: u32, height: u32, fps: f64) -> VideoFacts<'static> {
    VideoFacts {
        content_type: "video/mp4",
        size_bytes: 30_000_000,
        size: size(width, height),
        seconds: Some(20.0),
        video_codec: Some("h264"),
        audio_codec: Some("aac"),
        fps: Some(fps),
        bit_depth: Some(8),
        hdr: false,
        bitrate: Some(12_000_000),
        has_location: false,
    }
}

fn reel_rules() -> VideoRules {
    VideoRules {
        max_bytes: Some(104_857_600),
        max_width: Some(1_920),
        min_fps: Some(23),
        max_fps: Some(60),
        max_bitrate: Some(25_000_000),
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4"])
    }
}

fn video_recipe(rules: &VideoRules, facts: &VideoFacts<'_>) -> VideoRecipe {
    match plan_video(rules, facts, Frame::Pad) {
        Plan::Convert { recipe: Recipe::Video(recipe), .. } => recipe,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_video_is_touched_only_where_it_must_be() {
    let rules = reel_rules();
    assert_eq!(plan_video(&rules, &video(1_920, 1_080, 60.0), Frame::Pad), Plan::Untouched);
    // Odd sides are no reason to encode it anew.
    assert_eq!(plan_video(&rules, &video(1_919, 1_079, 29.97), Frame::Pad), Plan::Untouched);
    let large = video_recipe(&rules, &video(3_840, 2_160, 60.0));
    assert_eq!(large.layout.canvas, size(1_920, 1_080));
    assert_eq!((large.fps, large.sound_bitrate), (None, Some(128_000)));
    assert_eq!(video_recipe(&rules, &video(1_920, 1_080, 240.0)).fps, Some(60));
    assert_eq!(video_recipe(&rules, &video(1_920, 1_080, 1.0)).fps, Some(23));
    assert_eq!(video_recipe(&rules, &video(1_920, 1_080, 15.0)).fps, Some(30));
    let bright = VideoFacts { video_codec: Some("vp9"), hdr: true, ..video(1_080, 1_920, 30.0) };
    assert!(video_recipe(&rules, &bright).tone_map);
    let silent = VideoFacts { audio_codec: None, ..video(3_840, 2_160, 60.0) };
    assert_eq!(video_recipe(&rules, &silent).sound_bitrate, None);
}

#[test]
fn a_heavy_video_gets_fewer_bits_and_a_smaller_picture() {
    let rules = VideoRules { max_bytes: Some(10_000_000), ..VideoRules::up_to(1, &["video/mp4"]) };
    let facts = VideoFacts { seconds: Some(60.0), ..video(1_920, 1_080, 30.0) };
    let made = video_recipe(&rules, &facts);
    // 10 MB in a minute are 1.33 Mbit/s.
    let bitrate = made.max_bitrate.unwrap();
    assert!((1_000_000..1_200_000).contains(&bitrate), "{bitrate}");
    assert!(made.layout.canvas.width < 1_400, "{:?}", made.layout);
    // A second could have all of it, which is more than an encoder takes for a figure.
    let roomy = VideoRules { max_bytes: Some(536_870_912), max_fps: Some(25), ..rules };
    let short = VideoFacts { seconds: Some(1.0), ..facts };
    assert_eq!(video_recipe(&roomy, &short).max_bitrate, Some(60_000_000));
    let long = VideoFacts { seconds: Some(3_600.0), ..facts };
    let refused = Plan::Refused(Refusal::TooLongForBytes { max_bytes: 10_000_000 });
    assert_eq!(plan_video(&rules, &long, Frame::Pad), refused);
}

#[test]
fn what_is_still_too_heavy_gets_smaller_within_the_rules() {
    let made = recipe(plan_image(&narrow_rules(), &image(PNG, 1_440, 1_800, 1), Frame::Pad));
    let mut at = size(1_440, 1_800);
    let mut sizes = vec![at];
    while let Some(next) = made.smaller(at) {
        assert!(f64::from(next.width) / f64::from(next.height) >= 0.8, "{next:?}");
        sizes.push(next);
        at = next;
    }
    assert_eq!(sizes[1], size(1_224, 1_530));
    assert_eq!(at.width, 320);
}

#[test]
fn a_key_names_a_recipe() {
    let one = Recipe::Image(recipe(plan_image(&narrow_rules(), &image(PNG, 900, 900, 1), Frame::Pad)));
    let other = Recipe::Image(recipe(plan_image(&narrow_rules(), &image(PNG, 900, 901, 1), Frame::Pad)));
    assert_ne!(one.key(), other.key());
    assert_eq!(
        one.key(),
        r#"[1,{"image":{"layout":{"canvas":{"width":900,"height":900},"picture":{"width":900,"height":900}},"format":"jpeg","or_jpeg":false,"max_bytes":8388608,"min_size":{"width":320,"height":1},"aspects":[0.8,1.91]}}]"#
    );
}

fn any_frame() -> impl Strategy<Value = Frame> {
    prop_oneof![Just(Frame::Pad), Just(Frame::Crop)]
}

fn any_image_rules() -> impl Strategy<Value = ImageRules> {
    let side = || proptest::option::of(1_u32..2_000);
    (side(), side(), 0.05_f64..1.0, 1.0_f64..20.0, any::<bool>(), proptest::option::of(1_000_u64..9_000_000))
        .prop_map(|(min_width, wider, min_aspect, max_aspect, ceiling, max_bytes)| ImageRules {
            max_bytes,
            min_width,
            max_width: wider.map(|wider| min_width.unwrap_or(0) + wider + 4),
            min_aspect: Some(min_aspect),
            max_aspect: Some(max_aspect),
            ceiling: (ceiling && min_width.is_none()).then_some(PixelCeiling { short: 1_080, long: 1_920 }),
            ..ImageRules::up_to(4, &[JPEG])
        })
}

proptest! {
    #[test]
    fn a_fitted_image_meets_the_rules_and_is_not_fitted_again(
        rules in any_image_rules(),
        (width, height) in (1_u32..12_000, 1_u32..12_000),
        size_bytes in 1_u64..20_000_000,
        frame in any_frame(),
    ) {
        let facts = image(PNG, width, height, size_bytes);
        let plan = plan_image(&rules, &facts, frame);
        let Plan::Convert { recipe: Recipe::Image(made), .. } = plan else {
            panic!("{plan:?}");
        };
        let Layout { canvas, picture } = made.layout;
        match frame {
            Frame::Pad => prop_assert!(picture.width <= canvas.width && picture.height <= canvas.height),
            Frame::Crop => prop_assert!(picture.width >= canvas.width && picture.height >= canvas.height),
        }
        prop_assert!(picture.width == canvas.width || picture.height == canvas.height);
        let result = ImageFacts {
            content_type: made.format.content_type(),
            size_bytes: rules.max_bytes.unwrap_or(1),
            size: canvas,
            ..facts
        };
        prop_assert_eq!(plan_image(&rules, &result, frame), Plan::Untouched);
    }

    #[test]
    fn a_fitted_video_meets_the_rules_and_is_not_fitted_again(
        (width, height) in (2_u32..8_000, 2_u32..8_000),
        fps in 0.5_f64..300.0,
        seconds in 1.0_f64..140.0,
        min_aspect in 0.1_f64..1.0,
        max_aspect in 1.0_f64..10.0,
        frame in any_frame(),
    ) {
        let rules = VideoRules { min_aspect: Some(min_aspect), max_aspect: Some(max_aspect), ..reel_rules() };
        let codec = Some("prores");
        let facts = VideoFacts { seconds: Some(seconds), video_codec: codec, ..video(width, height, fps) };
        let plan = plan_video(&rules, &facts, frame);
        let Plan::Convert { recipe: Recipe::Video(made), .. } = plan else { panic!("{plan:?}") };
        let canvas = made.layout.canvas;
        prop_assert!(canvas.width % 2 == 0 && canvas.height % 2 == 0);
        let (video_codec, audio_codec) = made.codecs();
        let result = VideoFacts {
            size: canvas,
            size_bytes: rules.max_bytes.unwrap(),
            bitrate: Some(made.max_bitrate.unwrap() + made.sound_bitrate.unwrap_or(0)),
            fps: Some(made.fps.map_or(fps, f64::from)),
            video_codec: Some(video_codec),
            audio_codec,
            ..facts
        };
        prop_assert_eq!(plan_video(&rules, &result, frame), Plan::Untouched);
    }
}
