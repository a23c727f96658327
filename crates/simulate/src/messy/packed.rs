//! Files in a zip, and a file in a gzip.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter};
use std::path::Path;

use flate2::{Compression, GzBuilder};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Faults;
use crate::Error;

/// Moves the marketing tool's mail events and forms into a zip.
pub fn zip(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let file = "hubspot/hubspot-export.zip";
    let path = out.join(file);
    let mut archive = ZipWriter::new(File::create(&path).map_err(Error::io(&path))?);
    let inside = ["contact_form_submission.csv", "email_event.csv", "email_event_open.csv", "email_event_click.csv"];
    for name in inside {
        let from = out.join("hubspot").join(name);
        archive.start_file(name, SimpleFileOptions::default()).map_err(Error::zip(&path))?;
        let mut reader = BufReader::new(File::open(&from).map_err(Error::io(&from))?);
        io::copy(&mut reader, &mut archive).map_err(Error::io(&path))?;
        fs::remove_file(&from).map_err(Error::io(&from))?;
    }
    archive.finish().map_err(Error::zip(&path))?;
    faults.rows("zipped", file, inside.len() as u64);
    Ok(())
}

/// Compresses the tasks.
pub fn gzip(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let file = "salesforce/Task.csv.gz";
    let (from, path) = (out.join("salesforce/Task.csv"), out.join(file));
    let target = BufWriter::new(File::create(&path).map_err(Error::io(&path))?);
    let mut gz = GzBuilder::new().mtime(0).write(target, Compression::default());
    let mut reader = BufReader::new(File::open(&from).map_err(Error::io(&from))?);
    io::copy(&mut reader, &mut gz).map_err(Error::io(&path))?;
    gz.finish().map_err(Error::io(&path))?;
    fs::remove_file(&from).map_err(Error::io(&from))?;
    faults.whole("gzipped", file);
    Ok(())
}
