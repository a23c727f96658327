//! Files that somebody sends: streamed to the disk as they come, within bounds, under names that lead nowhere else.
//!
//! Not here: what the files mean. Invariant: nothing is written before it is known that the form is of the sender's own
//! sign-in, and nothing outside of the folder that is given.

use std::io::Write;
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use multer::{Constraints, Multipart, SizeLimit};

use crate::session::same;

/// The most that can be sent at once: four gigabytes. Larger exports are imported where they lie.
const MOST: u64 = 4 << 30;
/// Files at most.
const FILES: usize = 200;
/// The longest name of a file.
const NAME: usize = 100;

/// Why files are not taken.
pub struct Refused {
    pub status: StatusCode,
    pub words: String,
}

fn refused(status: StatusCode, words: impl Into<String>) -> Refused {
    Refused { status, words: words.into() }
}

/// Writes the files of a form to a folder that is made when the form's first field has shown whose it is; at once where no token
/// of a form is asked for. Gives their number.
///
/// # Errors
/// In words, where the form is not one, not the sender's own, or too large; what was written stays to be removed.
pub async fn taken(
    headers: &HeaderMap,
    body: Body,
    form_token: Option<&str>,
    folder: impl Fn() -> Result<std::path::PathBuf, String>,
) -> Result<(std::path::PathBuf, usize), Refused> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let bad = |_| refused(StatusCode::BAD_REQUEST, "This is not a form with files.");
    let boundary = multer::parse_boundary(kind).map_err(bad)?;
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(MOST).for_field("form", 200));
    let mut form = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    // a program has shown whose it is by its token
    let mut place = match form_token {
        None => Some(folder().map_err(|why| refused(StatusCode::CONFLICT, why))?),
        Some(_) => None,
    };
    let mut count = 0;
    loop {
        let field = form.next_field().await.map_err(told)?;
        let Some(mut field) = field else { break };
        match (field.name().unwrap_or(""), &place) {
            ("form", None) if form_token.is_some() => {
                let token = field.text().await.map_err(told)?;
                if !form_token.is_some_and(|own| same(&token, own)) {
                    return Err(foreign());
                }
                let made = folder().map_err(|why| refused(StatusCode::CONFLICT, why))?;
                place = Some(made);
            }
            (_, None) => return Err(foreign()),
            ("files", Some(folder)) => {
                let given = field.file_name().unwrap_or("").to_owned();
                if given.is_empty() {
                    continue; // a form without a file sends an empty one
                }
                count += 1;
                if count > FILES {
                    return Err(refused(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        format!("More than {FILES} files: pack them into one archive."),
                    ));
                }
                let mut file = new_file(folder, &safe(&given), count)?;
                while let Some(chunk) = field.chunk().await.map_err(told)? {
                    file.write_all(&chunk).map_err(disk)?;
                }
                file.sync_all().map_err(disk)?;
            }
            _ => {}
        }
    }
    match place {
        Some(place) => Ok((place, count)),
        None => Err(foreign()),
    }
}

fn foreign() -> Refused {
    refused(StatusCode::FORBIDDEN, "This form is not of your sign-in. Open the page again and send it once more.")
}

fn told(cause: multer::Error) -> Refused {
    use multer::Error;
    match cause {
        Error::StreamSizeExceeded { .. } | Error::FieldSizeExceeded { .. } => refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "This is more than can be sent at once. Import it where it lies: lockstep import PATH.",
        ),
        _ => refused(StatusCode::BAD_REQUEST, "The files did not arrive whole. Send them once more."),
    }
}

fn disk(cause: std::io::Error) -> Refused {
    tracing::error!("a file that was sent could not be written: {cause}");
    refused(StatusCode::INSUFFICIENT_STORAGE, "The files could not be written: is the disk full?")
}

fn new_file(folder: &Path, name: &str, number: usize) -> Result<std::fs::File, Refused> {
    let open = |name: &str| std::fs::File::create_new(folder.join(name));
    // two files of one name are two files
    open(name).or_else(|_| open(&format!("{number}-{name}"))).map_err(disk)
}

/// A name without a path, of plain signs.
pub fn safe(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let plain: String = last
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .take(NAME)
        .collect();
    let plain = plain.trim().trim_start_matches('.').trim();
    if plain.is_empty() { "file".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        let long = "x".repeat(500) + ".csv";
        let cases = [
            ("Lead.csv", "Lead.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Temp\\Kündigung 2026.xlsx", "Kündigung 2026.xlsx"),
            (".htaccess", "htaccess"),
            ("..", "file"),
            ("a/", "file"),
            ("a\0b<c>.csv", "a_b_c_.csv"),
        ];
        for (given, name) in cases {
            assert_eq!(safe(given), name);
        }
        assert_eq!(safe(&long).chars().count(), NAME);
    }
}
