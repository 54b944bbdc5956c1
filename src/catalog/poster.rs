//! The colours of a title's poster.

use crate::{
    domain::{
        media::{ImageName, ImageSize},
        tint::tint,
    },
    ports::MovieDatabase,
};
use bytes::Bytes;
use image::{ImageReader, Limits};
use std::{io::Cursor, time::Duration};
use tokio::time::timeout;

/// Whoever opens a title does not wait for its colours any longer.
const LIMIT: Duration = Duration::from_millis(500);
/// The smallest size there is shows the colours as well as any.
const SIZE: ImageSize = ImageSize::W92;
const MAX_WIDTH: u32 = 1_000;
const MAX_MEMORY_BYTES: u64 = 8 << 20;

/// The two colours that set the mood of a title's pages; none where its poster cannot be had.
pub async fn colours(database: &dyn MovieDatabase, poster: Option<&ImageName>) -> Option<[String; 2]> {
    let picture = timeout(LIMIT, database.image(SIZE, poster?.clone())).await.ok()?.ok()?;
    tokio::task::spawn_blocking(move || of_picture(picture)).await.ok()?
}

fn of_picture(bytes: Bytes) -> Option<[String; 2]> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_WIDTH);
    limits.max_image_height = Some(MAX_WIDTH);
    limits.max_alloc = Some(MAX_MEMORY_BYTES);
    reader.limits(limits);
    let picture = reader.decode().inspect_err(|error| tracing::debug!(%error, "a poster cannot be read")).ok()?;
    tint(picture.to_rgb8().pixels().map(|pixel| pixel.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, RgbImage};

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Bytes {
        let picture = RgbImage::from_pixel(width, height, image::Rgb([20, 60, 200]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner().into()
    }

    #[test]
    fn pictures_of_every_kind_that_the_server_has_are_read() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let [light, _] = of_picture(encoded(92, 138, format)).unwrap();
            assert!(u8::from_str_radix(&light[5..], 16).unwrap() > 0x90, "{light}");
        }
    }

    #[test]
    fn what_is_no_picture_or_too_large_a_one_has_no_colours() {
        assert_eq!(of_picture(Bytes::from_static(b"<html>")), None);
        assert_eq!(of_picture(encoded(92, 138, ImageFormat::Png).slice(..60)), None);
        assert_eq!(of_picture(encoded(1_001, 2, ImageFormat::Png)), None);
    }
}
