//! Zip archives: their members, and workbooks, which are zip archives too.
//!
//! An archive within an archive is not opened: it is a piece with a problem.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use calamine::{Reader, SheetType};
use zip::ZipArchive;

use super::limited::{self, Limited};
use super::{Kind, Piece, Source};
use crate::{Error, Readers};

/// More members than any export has.
const MAX_MEMBERS: usize = 100_000;
/// A workbook keeps its texts in memory while it is read.
const MAX_WORKBOOK: u64 = 2 << 30;

type Zip = ZipArchive<BufReader<File>>;

fn open(path: &Path) -> Result<Zip, Error> {
    let file = File::open(path).map_err(|cause| Error::io(path, "open", &cause))?;
    ZipArchive::new(BufReader::new(file)).map_err(|cause| broken(&path.display().to_string(), &cause))
}

fn broken(name: &str, cause: &dyn std::fmt::Display) -> Error {
    Error::new("archive", name, format!("a broken archive: {cause}")).with_hint("export or download it again")
}

pub(super) fn pieces(path: &Path, readers: &Readers, packed: u64, pieces: &mut Vec<Piece>) {
    let name = path.display().to_string();
    let whole = || Piece::at(name.clone(), path.to_owned(), Source::File, *readers);
    let mut zip = match open(path) {
        Ok(zip) => zip,
        Err(error) => return pieces.push(whole().fails(error)),
    };
    if zip.len() > MAX_MEMBERS {
        let error = Error::new("archive", &name, format!("{} members, more than {MAX_MEMBERS}", zip.len()));
        return pieces.push(whole().fails(error));
    }
    let mut declared = 0u64;
    let mut members = Vec::new();
    for index in 0..zip.len() {
        let Ok(member) = zip.by_index_raw(index) else {
            members.push((index, format!("member {index}"), Some(broken(&name, &"an unreadable member")), false));
            continue;
        };
        declared = declared.saturating_add(member.size());
        let inner = member.name().map_or_else(|_| format!("member {index}"), |n| n.into_owned());
        let locked = member.encrypted().then(|| {
            Error::new("archive", &format!("{name}!{inner}"), "protected by a password").with_hint("unpack it first")
        });
        members.push((index, inner, locked, member.is_dir()));
    }
    if declared > limited::allowed(packed) {
        return pieces.push(whole().fails(limited::too_large(&name)));
    }
    if members.iter().any(|(_, inner, ..)| inner == "xl/workbook.xml" || inner == "[Content_Types].xml") {
        return workbook(whole(), packed, declared, pieces);
    }
    let before = pieces.len();
    members.sort_by(|a, b| a.1.cmp(&b.1));
    for (index, inner, problem, is_dir) in members {
        let hidden = inner.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if is_dir || hidden {
            continue;
        }
        let mut piece = Piece::at(format!("{name}!{inner}"), path.to_owned(), Source::Member { index }, *readers);
        if let Some(error) = problem {
            pieces.push(piece.fails(error));
            continue;
        }
        piece.look(packed);
        pieces.push(piece);
    }
    if pieces.len() == before {
        pieces.push(whole().fails(Error::new("empty", &name, "an archive without files")));
    }
}

fn workbook(mut whole: Piece, packed: u64, declared: u64, pieces: &mut Vec<Piece>) {
    if declared > MAX_WORKBOOK {
        let error =
            Error::new("unpacked_too_large", &whole.name, "a workbook of more than 2 GiB").with_hint("save it as CSV");
        return pieces.push(whole.fails(error));
    }
    whole.look(packed); // its hash; as a whole it has no kind
    whole.problem = None;
    let sheets = match calamine::open_workbook::<calamine::Xlsx<_>, _>(&whole.path) {
        Ok(book) => book.sheets_metadata().to_vec(),
        Err(cause) => {
            let error = Error::new("sheet", &whole.name, format!("not a readable XLSX workbook: {cause}"))
                .with_hint("save it as XLSX or CSV");
            return pieces.push(whole.fails(error));
        }
    };
    for sheet in sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let mut piece = whole.clone();
        piece.name = format!("{}!{}", whole.name, sheet.name);
        piece.kind = Kind::Sheet;
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(&whole.hash.to_le_bytes());
        hasher.update(sheet.name.as_bytes());
        piece.hash = hasher.digest128();
        piece.source = Source::Sheet { sheet: sheet.name };
        pieces.push(piece);
    }
}

pub(super) fn with_member(
    path: &Path,
    index: usize,
    name: &str,
    take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut zip = open(path)?;
    let member = zip.by_index(index).map_err(|cause| broken(name, &cause))?;
    let packed = member.compressed_size();
    take(&mut Limited::new(member, packed, name))
}
