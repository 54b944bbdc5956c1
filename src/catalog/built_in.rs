//! The films that ship with the daemon: four open films by their public magnet links, and our own playback check.

use crate::domain::info_hash::InfoHash;

/// A film that ships with the daemon.
pub struct BuiltIn {
    pub slug: &'static str,
    pub title: &'static str,
    pub year: Option<i32>,
    pub runtime_ms: i64,
    pub tagline: &'static str,
    pub overview: &'static str,
    pub license: (&'static str, &'static str),
    pub tint: [&'static str; 2],
    pub source: BuiltInSource,
}

/// Where a built-in film plays from.
pub enum BuiltInSource {
    /// A public swarm.
    Magnet {
        info_hash: &'static str,
        release_name: &'static str,
        /// What the film is called below [`WEB`].
        web_name: &'static str,
    },
    /// The daemon's own loopback seeder.
    Embedded,
}

/// The trackers that the open films' public magnet links name.
const TRACKERS: &[&str] = &["udp://tracker.opentrackr.org:1337", "udp://explodie.org:6969"];

/// Where the open films' public magnet links say that their torrents, and below their names their files, may be had.
const WEB: &str = "https://webtorrent.io/torrents/";

/// The magnet link of a public swarm.
pub fn magnet(info_hash: InfoHash, name: &str, web_name: &str) -> String {
    let mut link = url::form_urlencoded::Serializer::new(format!("magnet:?xt=urn:btih:{info_hash}&"));
    link.append_pair("dn", name);
    for tracker in TRACKERS {
        link.append_pair("tr", tracker);
    }
    link.append_pair("ws", WEB);
    link.append_pair("xs", &format!("{WEB}{web_name}.torrent"));
    link.finish().replace("&&", "&")
}

const CC_BY_3: (&str, &str) = ("CC BY 3.0", "https://creativecommons.org/licenses/by/3.0/");
const CC_BY_4: (&str, &str) = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/");
const MIT: (&str, &str) = ("MIT", "https://opensource.org/license/mit");

pub const MOVIES: &[BuiltIn] = &[
    BuiltIn {
        slug: "playback-check",
        title: "Playback check",
        year: None,
        runtime_ms: 60_000,
        tagline: "One minute of clock and beeps",
        overview: "A test film made by the Miauflix project. A running clock and a beep each second show at a glance \
                   whether picture and sound reach this screen. It streams from inside the daemon through the whole \
                   torrent path, so it plays on a machine with no internet at all.",
        license: MIT,
        tint: ["#ff7a45", "#241a2e"],
        source: BuiltInSource::Embedded,
    },
    BuiltIn {
        slug: "big-buck-bunny",
        title: "Big Buck Bunny",
        year: Some(2008),
        runtime_ms: 596_000,
        tagline: "A very large rabbit has had enough",
        overview: "A gentle giant of a rabbit lets nothing spoil his morning in the meadow, until three small rodents \
                   pick on the butterflies he loves. What follows is a carefully engineered revenge. The Blender \
                   Institute's second open film.",
        license: CC_BY_3,
        tint: ["#8cbf3f", "#2b4a1d"],
        source: BuiltInSource::Magnet {
            info_hash: "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c",
            release_name: "Big Buck Bunny",
            web_name: "big-buck-bunny",
        },
    },
    BuiltIn {
        slug: "sintel",
        title: "Sintel",
        year: Some(2010),
        runtime_ms: 888_000,
        tagline: "How far would you go for a friend?",
        overview: "A young woman crosses deserts and mountains alone in search of the dragon she once nursed back to \
                   health. The third open film of the Blender Institute, and its first with a tragic heart.",
        license: CC_BY_3,
        tint: ["#b5694a", "#1d2430"],
        source: BuiltInSource::Magnet {
            info_hash: "08ada5a7a6183aae1e09d831df6748d566095a10",
            release_name: "Sintel",
            web_name: "sintel",
        },
    },
    BuiltIn {
        slug: "tears-of-steel",
        title: "Tears of Steel",
        year: Some(2012),
        runtime_ms: 734_000,
        tagline: "Amsterdam, robots, and an old apology",
        overview: "Decades after a clumsy goodbye on an Amsterdam bridge, a band of warriors and scientists gathers at \
                   the Oude Kerk to rewrite that moment before the robots finish the job. Live action with open-source \
                   visual effects.",
        license: CC_BY_3,
        tint: ["#5f8fa8", "#16202b"],
        source: BuiltInSource::Magnet {
            info_hash: "209c8226b299b308beaf2b9cd3fb49212dbd13ec",
            release_name: "Tears of Steel",
            web_name: "tears-of-steel",
        },
    },
    BuiltIn {
        slug: "cosmos-laundromat",
        title: "Cosmos Laundromat",
        year: Some(2015),
        runtime_ms: 730_000,
        tagline: "Franck the sheep gets an offer",
        overview: "On a windswept island a sheep who has given up on life meets a quirky salesman, who offers him as \
                   many lives as he has ever wanted. The first cycle of an open film by the Blender Institute.",
        license: CC_BY_4,
        tint: ["#9a8fd1", "#2a2138"],
        source: BuiltInSource::Magnet {
            info_hash: "c9e15763f722f23e98a29decdfae341b98d53056",
            release_name: "Cosmos Laundromat",
            web_name: "cosmos-laundromat",
        },
    },
];
