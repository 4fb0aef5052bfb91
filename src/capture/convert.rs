//! A file that is no capture yet → the capture that it holds: gzip data is unpacked, text is read line by line.
//!
//! The reader does without this: a page loads the program that converts only when somebody brings such a file.

use serde::{Deserialize, Serialize};

use super::content::head;
use super::gzip::{self, MAX_UNPACKED};
use super::import::{self, MAX_TEXT};
use super::{OpenError, Source};

/// The file that a capture was converted from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its bytes.
    pub size: u64,
    /// It is gzip data.
    pub packed: bool,
    /// It, or what it packs, is text.
    pub text: bool,
    /// English sentences about what could not be converted, and what was rebuilt.
    pub notes: Vec<String>,
}

/// Whether a source is gzip data or text. Errors: the source's own failure.
pub fn needs_conversion<S: Source>(source: &mut S) -> Result<bool, OpenError> {
    let head = head(source).map_err(OpenError::Unreadable)?;
    Ok(gzip::begins(&head) || OpenError::is_text(&head))
}

/// Unpacks and reads what needs it, in memory. Errors: too large, damaged from the beginning, text without a packet, or the
/// source's own failure.
pub fn convert<S: Source>(mut source: S) -> Result<(Vec<u8>, Origin), OpenError> {
    let mut origin = Origin { size: source.size(), ..Origin::default() };
    let beginning = head(&mut source).map_err(OpenError::Unreadable)?;
    if !gzip::begins(&beginning) {
        let bytes = import_text(&mut source, &mut origin)?;
        return Ok((bytes, origin));
    }
    let (bytes, note) = gzip::unpack(&mut source, MAX_UNPACKED)?;
    origin.packed = true;
    origin.notes.extend(note);
    if !head(&mut bytes.as_slice()).is_ok_and(|head| OpenError::is_text(&head)) {
        return Ok((bytes, origin));
    }
    let bytes = import_text(&mut bytes.as_slice(), &mut origin)?;
    Ok((bytes, origin))
}

/// The capture that a text tells of.
fn import_text(source: &mut dyn Source, origin: &mut Origin) -> Result<Vec<u8>, OpenError> {
    let size = source.size();
    if size > MAX_TEXT {
        let mebibytes = MAX_TEXT >> 20;
        return Err(OpenError::TooLarge(format!(
            "The text has {size} bytes, and {mebibytes} MiB is the most that is read. Cut it into parts."
        )));
    }
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    let count = source.read_at(0, &mut bytes).map_err(OpenError::Unreadable)?;
    let bytes = bytes.get(..count).unwrap_or_default();
    let text = import::decode(bytes);
    let imported = import::read(&text);
    let beginning = head(&mut &*bytes).map_err(OpenError::Unreadable)?;
    let imported = imported.ok_or_else(|| OpenError::no_packet_in_text(&text, &beginning, size, origin.packed))?;
    origin.text = true;
    origin.notes.extend(imported.notes);
    Ok(imported.pcapng)
}
