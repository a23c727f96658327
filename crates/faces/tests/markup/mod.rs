//! Reads the tags of a page: enough to ask what stands where. The page is ours and well formed, which is checked.
#![allow(dead_code, clippy::unwrap_used)]

/// An element with its attributes and the markup within.
#[derive(Clone, Debug)]
pub struct Element {
    pub tag: String,
    pub attributes: Vec<(String, String)>,
    pub inner: String,
    /// Tags around it, outermost first, each with its class.
    pub around: Vec<String>,
}

impl Element {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|c| c.split(' ').any(|c| c == class))
    }

    /// The words without tags.
    pub fn words(&self) -> String {
        words(&self.inner)
    }
}

pub fn words(markup: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

const VOID: &[&str] = &["meta", "!DOCTYPE", "br", "link"];

/// Every element in order; panics where a tag is not closed.
pub fn elements(html: &str) -> Vec<Element> {
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(begin) = html[at..].find('<').map(|i| i + at) {
        let end = html[begin..].find('>').unwrap() + begin;
        let tag = &html[begin + 1..end];
        at = end + 1;
        if let Some(name) = tag.strip_prefix('/') {
            let (index, from) = open.pop().unwrap();
            assert_eq!(found[index].tag, name, "closed in the wrong order");
            found[index].inner = html[from..begin].to_owned();
            continue;
        }
        let closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let name = tag.split(' ').next().unwrap().to_owned();
        let around =
            open.iter().map(|(i, _)| format!("{}.{}", found[*i].tag, found[*i].get("class").unwrap_or(""))).collect();
        found.push(Element {
            attributes: attributes(&tag[name.len()..]),
            inner: String::new(),
            around,
            tag: name.clone(),
        });
        if !closed && !VOID.contains(&name.as_str()) {
            open.push((found.len() - 1, at));
        }
    }
    assert!(open.is_empty(), "a tag is not closed");
    found
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name_end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = rest[..name_end].to_owned();
        rest = &rest[name_end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap();
            value = quoted[..end].to_owned();
            rest = &quoted[end + 1..];
        }
        out.push((name, value));
        rest = rest.trim_start();
    }
    out
}
