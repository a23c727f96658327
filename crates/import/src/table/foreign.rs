//! Tables that an injected reader reads (Parquet).

use super::{Chunk, Emit, Head, header};
use crate::Error;
use crate::contract::{Row, Rows};
use crate::piece::Piece;

fn open(piece: &Piece) -> Result<Box<dyn Rows + Send>, Error> {
    match piece.readers.parquet {
        Some(open) => open(&piece.path),
        None => Err(Error::new("no_reader", &piece.name, "a Parquet file, which no reader was given for")),
    }
}

pub(super) fn head(piece: &Piece) -> Result<Head, Error> {
    let rows = open(piece)?;
    let (header, required) = header::names(rows.header().iter().map(String::as_str));
    Ok(Head { header, required, pads: true, machine: true, ..Head::default() })
}

pub(super) fn stream(piece: &Piece, _head: &Head, emit: &mut Emit<'_>) -> Result<(), Error> {
    let mut rows = open(piece)?;
    let (mut row, mut chunk, mut number) = (Row::default(), Chunk::default(), 0u32);
    loop {
        row.clear();
        let more = rows.next(&mut row)?;
        if more {
            number += 1;
            chunk.begin(number);
            for n in 0..row.len() {
                chunk.push(row.get(n));
            }
        }
        if chunk.len() > 0 && (!more || chunk.len() >= 4_096 || chunk.text_len() > 1 << 20) {
            if !emit(&mut chunk)? {
                return Ok(());
            }
            chunk.clear();
        }
        if !more {
            return Ok(());
        }
    }
}
