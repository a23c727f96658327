//! Programs that follow links without a reader: mail scanners, crawlers, scripts, by what they say of themselves.
//!
//! Not here: programs that pretend to be a reader's. Invariant: what fetches pictures for a reader (mail clients and their
//! proxies) is none of them.

/// What is said anywhere in the text, lower case, and who says it.
const KNOWN: [(&str, &str); 29] = [
    ("barracuda", "Barracuda"),
    ("proofpoint", "Proofpoint"),
    ("urldefense", "Proofpoint"),
    ("mimecast", "Mimecast"),
    ("messagelabs", "Symantec"),
    ("symantec", "Symantec"),
    ("trendmicro", "Trend Micro"),
    ("trend micro", "Trend Micro"),
    ("forcepoint", "Forcepoint"),
    ("fireeye", "FireEye"),
    ("sophos", "Sophos"),
    ("cloudmark", "Cloudmark"),
    ("mailscanner", "MailScanner"),
    ("safelinks", "Safe Links"),
    ("headlesschrome", "a browser without a window"),
    ("phantomjs", "a browser without a window"),
    ("selenium", "a browser without a window"),
    ("puppeteer", "a browser without a window"),
    ("playwright", "a browser without a window"),
    ("python-requests", "a script"),
    ("python-urllib", "a script"),
    ("aiohttp", "a script"),
    ("curl/", "a script"),
    ("wget/", "a script"),
    ("go-http-client", "a script"),
    ("apache-httpclient", "a script"),
    ("libwww-perl", "a script"),
    ("facebookexternalhit", "a preview of links"),
    ("bingpreview", "a preview of links"),
];

/// Phones whose name ends as those of robots do.
const PHONES: [&str; 1] = ["cubot"];

/// Who a program is, where it says that it is no reader's (by its user agent); `None` for all others.
pub fn known_machine(agent: &str) -> Option<&'static str> {
    let lower = agent.to_lowercase();
    if let Some((_, name)) = KNOWN.iter().find(|(word, _)| lower.contains(word)) {
        return Some(name);
    }
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !PHONES.contains(w));
    words.any(|w| ["bot", "spider", "crawler", "slurp"].iter().any(|end| w.ends_with(end))).then_some("a crawler")
}

#[cfg(test)]
mod tests {
    use super::known_machine;

    #[test]
    fn programs_without_a_reader_say_so_and_readers_are_left_alone() {
        for (agent, name) in [
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Some("a crawler")),
            ("Mozilla/5.0 (compatible; Baiduspider/2.0)", Some("a crawler")),
            ("BarracudaCentral/1.0", Some("Barracuda")),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0",
                Some("a browser without a window"),
            ),
            ("python-requests/2.31", Some("a script")),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", None),
            ("Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 Chrome/90 Mobile", None),
            // opens for a reader
            ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", None),
            ("", None),
        ] {
            assert_eq!(known_machine(agent), name, "{agent}");
        }
    }
}
