//! The stylesheet and the script, each served under its hash so that it can be kept for a year.

use std::sync::LazyLock;

/// The frame around reports; reports bring their own.
const SHELL: &str = include_str!("shell.css");

const SCRIPT: &str = include_str!("script.js");

/// An asset: what its bytes are, and the bytes.
#[derive(Debug)]
pub struct Asset {
    pub name: String,
    pub kind: &'static str,
    pub text: String,
}

fn named(name: &str, end: &str, kind: &'static str, text: String) -> Asset {
    let hash = crate::session::hex(&blake3::hash(text.as_bytes()).as_bytes()[..8]);
    Asset { name: format!("{name}-{hash}.{end}"), kind, text }
}

static ALL: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    let style = format!("{}{SHELL}", faces::STYLE);
    [
        named("style", "css", "text/css; charset=utf-8", style),
        named("script", "js", "text/javascript; charset=utf-8", SCRIPT.to_owned()),
    ]
});

/// The address of the stylesheet.
pub fn style() -> String {
    format!("/assets/{}", ALL[0].name)
}

/// The address of the script.
pub fn script() -> String {
    format!("/assets/{}", ALL[1].name)
}

/// The asset of a name.
pub fn find(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small_and_addresses_nothing_outside() {
        assert!(SCRIPT.len() <= 5 * 1024, "{} bytes", SCRIPT.len());
        assert!(!SCRIPT.contains("://") && !SCRIPT.contains("eval(") && !SCRIPT.contains("innerHTML"));
    }
}
