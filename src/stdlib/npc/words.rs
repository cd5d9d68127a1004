//! Words to make things up of; nothing depends on the particular ones.

pub(super) const FIRST_NAMES: &[&str] = &[
    "Ada", "Alan", "Amara", "Anton", "Bela", "Carlos", "Chen", "Clara", "Dmitri", "Elena", "Emma",
    "Fatima", "Felix", "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jonas", "Julia", "Kenji", "Lena",
    "Liam", "Lucia", "Maria", "Mateo", "Mila", "Nadia", "Noah", "Olga", "Omar", "Paula", "Pedro",
    "Priya", "Ravi", "Rosa", "Samir", "Sofia", "Tomas", "Uma", "Viktor", "Wanda", "Yara", "Yusuf",
    "Zoe",
];

pub(super) const LAST_NAMES: &[&str] = &[
    "Adler", "Alvarez", "Bauer", "Brown", "Castro", "Cohen", "Dubois", "Eriksen", "Fischer",
    "Garcia", "Gupta", "Haddad", "Hansen", "Ito", "Jansen", "Kaya", "Kim", "Kowalski", "Lopez",
    "Martin", "Meyer", "Moreau", "Nakamura", "Novak", "Okafor", "Patel", "Petrov", "Quinn",
    "Rossi", "Sato", "Schmidt", "Silva", "Smith", "Suzuki", "Tanaka", "Torres", "Ueda", "Vargas",
    "Weber", "Wong", "Yilmaz", "Zhang",
];

/// Names that are kept free for examples (RFC 2606): no mail reaches anybody.
pub(super) const DOMAINS: &[&str] = &["example.com", "example.net", "example.org"];

pub(super) const ADJECTIVES: &[&str] = &[
    "agile", "bold", "brave", "bright", "calm", "clever", "curious", "eager", "fancy", "gentle",
    "happy", "jolly", "keen", "kind", "lively", "lucky", "mighty", "nimble", "proud", "quick",
    "quiet", "rapid", "shiny", "silent", "sly", "smart", "sunny", "swift", "tidy", "witty",
];

pub(super) const NOUNS: &[&str] = &[
    "badger", "bear", "comet", "crane", "dolphin", "eagle", "falcon", "fox", "gecko", "hawk",
    "heron", "ibex", "jaguar", "koala", "lynx", "maple", "moose", "otter", "owl", "panda", "pine",
    "puffin", "raven", "river", "robin", "seal", "tiger", "walrus", "willow", "wolf",
];

pub(super) const COMPANIES: &[&str] = &[
    "AcornWorks",
    "BlueHarbor",
    "BrightPath",
    "CedarLogic",
    "CloudMeadow",
    "CopperFox",
    "DeltaForge",
    "EchoValley",
    "EmberSoft",
    "FernBridge",
    "GranitePeak",
    "HarborLight",
    "IronLeaf",
    "JuniperLabs",
    "KiteSystems",
    "LumenGrid",
    "MapleStone",
    "NorthWind",
    "OakRiver",
    "PixelBrook",
    "QuartzBay",
    "RapidTide",
    "SilverPine",
    "SolarNest",
    "StoneBridge",
    "TerraNova",
    "UrbanSpark",
    "VelvetHill",
    "WildClover",
    "ZenithWorks",
];

pub(super) const WORDS: &[&str] = &[
    "apple", "anchor", "autumn", "basket", "beacon", "bridge", "candle", "canyon", "circle",
    "cloud", "copper", "dawn", "desert", "engine", "ember", "feather", "field", "forest", "garden",
    "glass", "harbor", "hill", "island", "journey", "kettle", "ladder", "lantern", "letter",
    "meadow", "mirror", "morning", "mountain", "night", "ocean", "orchard", "paper", "pebble",
    "pocket", "quiet", "rain", "river", "sail", "shadow", "silver", "stone", "story", "summer",
    "table", "thunder", "valley", "velvet", "village", "water", "window", "winter", "wonder",
];

pub(super) const PAGES: &[&str] = &["api", "dashboard", "app", "docs", "status", "blog"];
