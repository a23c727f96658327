//! The stylesheet, served under its hash so that it can be kept for a year.

use std::sync::LazyLock;

/// The frame around reports; reports bring their own.
const SHELL: &str = include_str!("shell.css");

/// An asset: what its bytes are, and the bytes.
#[derive(Debug)]
pub struct Asset {
    pub name: String,
    pub kind: &'static str,
    pub text: String,
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = format!("{}{SHELL}", faces::STYLE);
    let hash = crate::session::hex(&blake3::hash(text.as_bytes()).as_bytes()[..8]);
    Asset { name: format!("style-{hash}.css"), kind: "text/css; charset=utf-8", text }
});

/// The address of the stylesheet.
pub fn style() -> String {
    format!("/assets/{}", STYLE.name)
}

/// The asset of a name.
pub fn find(name: &str) -> Option<&'static Asset> {
    [&*STYLE].into_iter().find(|asset| asset.name == name)
}
