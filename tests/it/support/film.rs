//! Films to stream, made once by ffmpeg and shared by all test processes.
//!
//! They stay in the build folder, so only the first run waits for them; a half-made film is never seen.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

/// The part that repeats in the long film. Its length is no multiple of a piece, so no two pieces are alike.
const PART_SECONDS: u32 = 20;
const PARTS: u32 = 12;

/// A film of four minutes and more than 200 MB: 1280x720 H.264 and AAC in mp4, index in front.
pub fn long() -> PathBuf {
    made_once("long.mp4", |folder, film| {
        let part = folder.join("long-part.mp4");
        encode(&part, "1280x720", PART_SECONDS, "8500k");
        ffmpeg(&[
            "-stream_loop",
            &(PARTS - 1).to_string(),
            "-i",
            part.to_str().unwrap(),
            "-c",
            "copy",
            "-movflags",
            "+faststart",
            film.to_str().unwrap(),
        ]);
        fs::remove_file(part).unwrap();
    })
}

/// A film of ten seconds and about a megabyte, else as the long one.
pub fn short() -> PathBuf {
    made_once("short.mp4", |_, film| encode(film, "640x360", 10, "800k"))
}

/// Bytes that no compression and no repetition can stand in for; the same for the same seed.
pub fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// `noise` as a file of its own.
pub fn noise_file(length: usize, seed: u64) -> PathBuf {
    made_once(&format!("noise-{length}-{seed}.mp4"), |_, film| fs::write(film, noise(length, seed)).unwrap())
}

fn made_once(name: &str, make: impl FnOnce(&Path, &Path)) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("films");
    fs::create_dir_all(&folder).unwrap();
    let film = folder.join(name);
    let lock = File::create(folder.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    if !film.exists() {
        let half_made = folder.join(format!("half-made-{name}"));
        make(&folder, &half_made);
        fs::rename(half_made, &film).unwrap();
    }
    film
}

fn encode(film: &Path, size: &str, seconds: u32, rate: &str) {
    let picture = format!("testsrc2=s={size}:r=24:d={seconds},noise=alls=40:allf=t,format=yuv420p");
    let sound = format!("sine=f=440:r=48000:d={seconds}");
    ffmpeg(&[
        "-f",
        "lavfi",
        "-i",
        &picture,
        "-f",
        "lavfi",
        "-i",
        &sound,
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-b:v",
        rate,
        "-minrate",
        rate,
        "-maxrate",
        rate,
        "-bufsize",
        rate,
        "-g",
        "48",
        "-c:a",
        "aac",
        "-ac",
        "2",
        "-movflags",
        "+faststart",
        film.to_str().unwrap(),
    ]);
}

fn ffmpeg(arguments: &[&str]) {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(arguments)
        .output()
        .expect("ffmpeg is missing: run scripts/test-deps");
    assert!(output.status.success(), "ffmpeg failed: {}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(test)]
fn seconds_of(film: &Path) -> f64 {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"])
        .arg(film)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

#[test]
fn the_long_film_has_four_minutes_and_more_than_200_megabytes() {
    let film = long();
    assert!(film.metadata().unwrap().len() > 200_000_000);
    assert!((235.0..245.0).contains(&seconds_of(&film)));
}

#[test]
fn the_short_film_starts_with_its_index_and_is_made_only_once() {
    let film = short();
    let made_at = film.metadata().unwrap().modified().unwrap();
    assert_eq!(short().metadata().unwrap().modified().unwrap(), made_at);
    let bytes = fs::read(&film).unwrap();
    let at = |name: &[u8]| bytes.windows(4).position(|bytes| bytes == name).unwrap();
    assert!(at(b"moov") < at(b"mdat"));
    assert!((9.0..11.0).contains(&seconds_of(&film)));
}

#[test]
fn noise_is_the_same_for_the_same_seed_only() {
    assert_eq!(noise(100, 1), noise(100, 1));
    assert_ne!(noise(100, 1), noise(100, 2));
    assert_eq!(noise(13, 1).len(), 13);
}
