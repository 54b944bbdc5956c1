//! The two colours that set the mood of a title's pages, from the colours of its poster.

/// The shades between which a page's colour and its background lie, as parts of full light and colour.
const LIGHTNESS: f32 = 0.52;
const DARKNESS: f32 = 0.13;
const LEAST_SATURATION: f32 = 0.08;
const MOST_SATURATION: f32 = 0.42;
/// Steps of the colour wheel that colours are counted in.
const HUES: usize = 24;

/// A light and a dark shade, `#rrggbb`, of the colour that most of the vivid pixels (red, green, blue) have. Of a grey picture
/// they are grey; none when there are no pixels.
pub fn tint(pixels: impl IntoIterator<Item = [u8; 3]>) -> Option<[String; 2]> {
    let mut wheel = [(0.0f32, 0.0f32); HUES];
    let (mut count, mut chroma) = (0u32, 0.0);
    for pixel in pixels {
        let (hue, vividness) = hue(pixel);
        count += 1;
        chroma += vividness;
        let step = (hue * HUES as f32) as usize % HUES;
        wheel[step].0 += vividness;
        wheel[step].1 += vividness * (hue * HUES as f32).fract();
    }
    if count == 0 {
        return None;
    }
    // Neighbours count, too, so that a colour on the border between two steps is not split.
    let weight = |step: usize| wheel[step].0 + 0.5 * (wheel[(step + 1) % HUES].0 + wheel[(step + HUES - 1) % HUES].0);
    let best = (0..HUES).max_by(|one, other| weight(*one).total_cmp(&weight(*other)))?;
    let within = if wheel[best].0 > 0.0 { wheel[best].1 / wheel[best].0 } else { 0.5 };
    let hue = (best as f32 + within) / HUES as f32;
    let saturation = (LEAST_SATURATION + 1.6 * chroma / count as f32).min(MOST_SATURATION);
    Some([hex(hue, saturation, LIGHTNESS), hex(hue, saturation, DARKNESS)])
}

/// Where a colour lies on the wheel, from 0 to 1, and how vivid it is: nothing for grey, black and white.
fn hue([red, green, blue]: [u8; 3]) -> (f32, f32) {
    let [red, green, blue] = [red, green, blue].map(|part| f32::from(part) / 255.0);
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let chroma = most - least;
    if chroma <= f32::EPSILON {
        return (0.0, 0.0);
    }
    let sixth = if most == red {
        ((green - blue) / chroma).rem_euclid(6.0)
    } else if most == green {
        (blue - red) / chroma + 2.0
    } else {
        (red - green) / chroma + 4.0
    };
    (sixth / 6.0, chroma * chroma)
}

/// A colour by hue, saturation and lightness (CSS Color 4, §7.1), each from 0 to 1.
fn hex(hue: f32, saturation: f32, lightness: f32) -> String {
    let reach = saturation * lightness.min(1.0 - lightness);
    let part = |offset: f32| {
        let place = (offset + hue * 12.0).rem_euclid(12.0);
        let value = lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0);
        (value * 255.0).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", part(0.0), part(8.0), part(4.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(colour: &str) -> [u8; 3] {
        [1, 3, 5].map(|at| u8::from_str_radix(&colour[at..at + 2], 16).unwrap())
    }

    #[test]
    fn the_tint_has_the_hue_of_what_is_vivid_and_not_of_what_is_dark_or_grey() {
        let picture = [[10, 10, 12]; 60].into_iter().chain([[128; 3]; 30]).chain([[200, 40, 30]; 10]);
        let [light, dark] = tint(picture).unwrap();
        let [red, green, blue] = parts(&light);
        assert!(red > green && red > blue, "{light}");
        assert!(parts(&dark).iter().all(|part| *part < 60), "{dark}");
    }

    #[test]
    fn a_grey_picture_has_a_grey_tint_and_none_has_none() {
        let [light, _] = tint([[90; 3]; 50]).unwrap();
        let parts = parts(&light);
        assert!(parts.iter().max().unwrap() - parts.iter().min().unwrap() < 24, "{light}");
        assert_eq!(tint([]), None);
    }

    #[test]
    fn pure_colours_come_out_as_they_are() {
        for (pixel, most) in [([255, 0, 0], 0), ([0, 255, 0], 1), ([0, 0, 255], 2)] {
            let parts = parts(&tint([pixel]).unwrap()[0]);
            assert_eq!(parts.iter().position(|part| part == parts.iter().max().unwrap()), Some(most), "{pixel:?}");
        }
    }

    proptest! {
        #[test]
        fn text_in_white_can_be_read_on_the_dark_shade_of_any_picture(pixels in prop::collection::vec(any::<[u8; 3]>(), 1..50)) {
            let [light, dark] = tint(pixels).unwrap();
            prop_assert!(parts(&dark).iter().all(|part| *part < 0x40), "{}", dark);
            prop_assert!(parts(&light).iter().all(|part| (0x40..=0xd0).contains(part)), "{}", light);
        }
    }
}
